import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { makeDataFolder, startServerProcess } from '../server/server-process.ts';
import { Visitor } from '../server/visitor.ts';
import { freeClusterPort, freePort } from '../services/ports.ts';
import { isInstalled, needs } from '../services/programs.ts';
import { removeFolder, Service, temporaryFolder } from '../services/service.ts';
import { until } from '../services/until.ts';

const script = join(import.meta.dir, '..', '..', 'deploy', 'redis', 'start.sh');
const host = '127.0.0.1';
const [password, adminPassword] = ['giong-secret', 'operator-secret'];

let secrets: string;
let stack: AsyncDisposableStack;
beforeEach(async () => {
  stack = new AsyncDisposableStack();
  secrets = await temporaryFolder('secrets');
  stack.defer(() => removeFolder(secrets));
  await writeFile(join(secrets, 'password'), password);
  await writeFile(join(secrets, 'admin'), adminPassword);
});
afterEach(() => stack.disposeAsync());

type Role = 'single' | 'replicated' | 'sentinel' | 'cluster';

const common = () => ({
  REDIS_BIND: host,
  REDIS_ANNOUNCE: host,
  REDIS_DOWN_AFTER: '2000',
  REDIS_PASSWORD_FILE: join(secrets, 'password'),
  REDIS_ADMIN_PASSWORD_FILE: join(secrets, 'admin'),
});

/** One process by start.sh; its folder goes with the test. */
async function start(role: Role, port: number, environment: Record<string, string> = {}): Promise<Service> {
  const folder = await temporaryFolder('redis');
  await chmod(folder, 0o700);
  const service = await Service.start({
    name: `${role} on ${port}`,
    command: [script, role],
    folder,
    environment: { ...common(), REDIS_PORT: `${port}`, REDIS_DIR: folder, ...environment },
    ready: () => until(`an answer from port ${port}`, () => asOperator(port, ['PING'], role === 'sentinel')),
  });
  stack.defer(async () => {
    await service.stop();
    await removeFolder(folder);
  });
  return service;
}

async function ask(port: number, user: { username?: string; password: string }, command: readonly string[]) {
  const client = new Redis({ host, port, ...user, lazyConnect: true, retryStrategy: null, enableReadyCheck: false });
  client.on('error', () => {});
  try {
    await client.connect();
    const [name = '', ...rest] = command;
    return await client.call(name, ...rest);
  } finally {
    client.disconnect();
  }
}

const asOperator = (port: number, command: readonly string[], isSentinel = false) =>
  ask(port, isSentinel ? { password } : { username: 'operator', password: adminPassword }, command);
const asGiong = (port: number, ...command: readonly string[]) => ask(port, { username: 'giong', password }, command);

/** A server that reaches Redis as deployments do, and a user's conversion on it. */
async function openServer(environment: Record<string, string>) {
  const folder = stack.use(await makeDataFolder());
  const access = { REDIS_USERNAME: 'giong', REDIS_PASSWORD: password, ...environment };
  const server = await startServerProcess(folder.path, access);
  stack.defer(() => server.kill());
  const visitor = new Visitor(server);
  await visitor.fetch('/api/session');
  const convert = async (seed: number) => {
    using news = await visitor.listen();
    const { id } = await visitor.convert({ source: 'sample-english', voice: 'sample-1688', seed });
    return (await news.ended(id)).status;
  };
  return { convert };
}

const addresses = (ports: readonly number[]) => ports.map((port) => `${host}:${port}`);

describe.skipIf(!isInstalled('redis-server'))(`deploy/redis${needs('redis-server')}`, () => {
  test('one server: keeps what it has on disk, evicts nothing, lets each user do what is theirs and no more', async () => {
    const port = freePort();
    const redis = await start('single', port);
    expect(await asGiong(port, 'CONFIG', 'GET', 'maxmemory-policy')).toEqual(['maxmemory-policy', 'noeviction']);
    expect(await asGiong(port, 'SET', '{giong}:kept', 'yes')).toBe('OK');
    await expect(ask(port, { password: '' }, ['PING'])).rejects.toThrow();
    for (const command of [['SET', 'other', '1'], ['FLUSHALL'], ['CONFIG', 'SET', 'save', ''], ['KEYS', '*']]) {
      await expect(asGiong(port, ...command)).rejects.toThrow(/NOPERM/);
    }
    for (const username of ['replica', 'monitor', 'sentinel']) {
      const user = { username, password: adminPassword };
      expect(await ask(port, user, ['PING'])).toBe('PONG');
      await expect(ask(port, user, ['GET', '{giong}:kept'])).rejects.toThrow(/NOPERM/);
    }
    await redis.restart();
    expect(await asGiong(port, 'GET', '{giong}:kept')).toBe('yes');
    const { convert } = await openServer({ REDIS_URL: `redis://${host}:${port}` });
    expect(await convert(1)).toBe('done');
  }, 60_000);

  test.skipIf(!isInstalled('redis-sentinel'))(
    `Sentinel: a replica takes over, the former master comes back as a replica, conversions go on${needs('redis-sentinel')}`,
    async () => {
      const ports = Array.from({ length: 3 }, freePort);
      const sentinelPorts = Array.from({ length: 3 }, freePort);
      const peers = { REDIS_PEERS: addresses(ports).join(' '), REDIS_SENTINELS: addresses(sentinelPorts).join(' ') };
      const servers = new Map<number, Service>();
      await Promise.all(ports.map(async (port) => servers.set(port, await start('replicated', port, peers))));
      await Promise.all(sentinelPorts.map((port) => start('sentinel', port, peers)));
      const [sentinel = 0] = sentinelPorts;
      const askSentinel = (...command: string[]) => ask(sentinel, { password }, ['SENTINEL', ...command]);
      const master = async () => Number(((await askSentinel('GET-MASTER-ADDR-BY-NAME', 'giong')) as string[])[1]);
      const replicationOf = async (port: number) => String(await asOperator(port, ['INFO', 'replication']));
      await until('a watched master with two replicas', async () => {
        const verdict = String(await askSentinel('CKQUORUM', 'giong'));
        const known = (await askSentinel('REPLICAS', 'giong')) as unknown[];
        return (
          verdict.startsWith('OK 3') &&
          known.length === 2 &&
          /slave1:.*online/.test(await replicationOf(await master()))
        );
      });
      const { convert } = await openServer({
        REDIS_SENTINELS: addresses(sentinelPorts).join(','),
        REDIS_MASTER: 'giong',
        REDIS_SENTINEL_PASSWORD: password,
      });
      expect(await convert(1)).toBe('done');
      const old = await master();
      await servers.get(old)?.kill();
      await until('another master', async () => (await master()) !== old);
      expect(await convert(2)).toBe('done');
      await servers.get(old)?.restart();
      await until('it is a replica now', async () =>
        /role:slave[\s\S]*master_link_status:up/.test(await replicationOf(old)),
      );
    },
    90_000,
  );

  test('Cluster: the first of six nodes makes it, and a replica takes over', async () => {
    const ports = Array.from({ length: 6 }, freeClusterPort);
    const environment = { REDIS_PEERS: addresses(ports).join(' '), REDIS_ENDPOINT_TYPE: 'ip' };
    const nodes = new Map<number, Service>();
    await Promise.all(ports.map(async (port) => nodes.set(port, await start('cluster', port, environment))));
    const [, , , , , last = 0] = ports;
    type Range = [from: number, to: number, master: [string, number], ...replicas: unknown[]];
    const owner = async () => {
      const slot = Number(await asOperator(last, ['CLUSTER', 'KEYSLOT', '{giong}']));
      const ranges = (await asOperator(last, ['CLUSTER', 'SLOTS'])) as Range[];
      const [, , master, ...replicas] = ranges.find(([from, to]) => from <= slot && slot <= to) ?? [];
      return { port: master?.[1] ?? 0, replicas: replicas.length };
    };
    await until('the first node has made the cluster', async () => (await owner()).replicas === 1);
    const { convert } = await openServer({ REDIS_CLUSTER: addresses(ports).join(',') });
    expect(await convert(1)).toBe('done');
    const { port: old } = await owner();
    await nodes.get(old)?.kill();
    await until('another master', async () => (await owner()).port !== old);
    expect(await convert(2)).toBe('done');
  }, 90_000);
});
