import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from './ports.ts';
import { pathOf } from './programs.ts';
import { ask, info, type RedisServer, startRedis } from './redis.ts';
import { removeFolder, Service, temporaryFolder } from './service.ts';
import { until } from './until.ts';

const host = '127.0.0.1';
const masterName = 'giong';
/** A master that is silent for this long counts as dead. */
const downAfterMilliseconds = 2000;

export interface RedisSentinels {
  readonly masterName: string;
  readonly sentinels: readonly { readonly host: string; readonly port: number; readonly service: Service }[];
  /** All data servers; which of them is the master changes. */
  readonly servers: readonly RedisServer[];
  /** The server that the sentinels name as the master now. */
  master(): Promise<RedisServer>;
  /** Waits until the sentinels have made another server than this one the master. */
  promotedFrom(old: RedisServer): Promise<RedisServer>;
  stop(): Promise<void>;
}

/** One master, its replicas and the sentinels that watch them; resolves once a failover would succeed. */
export async function startRedisSentinel(
  counts: { replicas?: number; sentinels?: number } = {},
): Promise<RedisSentinels> {
  const { replicas = 2, sentinels: sentinelCount = 3 } = counts;
  const master = await startRedis();
  const others = await Promise.all(
    Array.from({ length: replicas }, () => startRedis(['--replicaof', `${host} ${master.port}`])),
  );
  const servers = [master, ...others];
  await until('replicas in step', async () =>
    (await Promise.all(others.map(({ port }) => info(port, 'replication')))).every(
      (fields) => fields.get('master_link_status') === 'up' && fields.get('master_sync_in_progress') === '0',
    ),
  );
  const quorum = Math.floor(sentinelCount / 2) + 1;
  const started = await Promise.all(
    Array.from({ length: sentinelCount }, () => startSentinel(master.port, quorum, sentinelCount, replicas)),
  );
  const sentinels = started.map(({ sentinel }) => sentinel);

  const current = async () => {
    const alive = sentinels.find(({ service }) => service.isRunning);
    if (!alive) throw new Error('no sentinel runs');
    const [address] = await ask(alive.port, ['SENTINEL', 'get-master-addr-by-name', masterName]);
    const port = Number((address as [string, string])[1]);
    const server = servers.find((candidate) => candidate.port === port);
    if (!server) throw new Error(`the sentinels name an unknown master on port ${port}`);
    return server;
  };
  return {
    masterName,
    sentinels,
    servers,
    master: current,
    promotedFrom: (old) =>
      until('a promoted replica', async () => {
        const server = await current();
        if (server === old) return undefined;
        return (await info(server.port, 'replication')).get('role') === 'master' && server;
      }),
    async stop() {
      await Promise.all(sentinels.map(({ service }) => service.stop()));
      await Promise.all(started.map(({ folder }) => removeFolder(folder)));
      await Promise.all(servers.map((server) => server.stop()));
    },
  };
}

async function startSentinel(masterPort: number, quorum: number, sentinels: number, replicas: number) {
  const port = freePort();
  const folder = await temporaryFolder('sentinel');
  const configuration = join(folder, 'sentinel.conf');
  await writeFile(
    configuration,
    [
      `bind ${host}`,
      `port ${port}`,
      `dir ${folder}`,
      `sentinel monitor ${masterName} ${host} ${masterPort} ${quorum}`,
      `sentinel down-after-milliseconds ${masterName} ${downAfterMilliseconds}`,
      `sentinel failover-timeout ${masterName} ${downAfterMilliseconds * 3}`,
      '',
    ].join('\n'),
  );
  const service = await Service.start({
    name: `redis-sentinel on ${port}`,
    command: [pathOf('redis-sentinel'), configuration],
    folder,
    ready: () =>
      until(`quorum seen by the sentinel on ${port}`, async () => {
        const [verdict, master, known] = await ask(
          port,
          ['SENTINEL', 'CKQUORUM', masterName],
          ['SENTINEL', 'MASTER', masterName],
          ['SENTINEL', 'REPLICAS', masterName],
        );
        const about = pairs(master as string[]);
        return (
          String(verdict).startsWith('OK') &&
          Number(about.get('num-other-sentinels')) === sentinels - 1 &&
          (known as unknown[]).length === replicas
        );
      }),
  });
  return { folder, sentinel: { host, port, service } };
}

const pairs = (flat: readonly string[]) =>
  new Map(flat.flatMap((name, index) => (index % 2 === 0 ? [[name, flat[index + 1] ?? ''] as const] : [])));
