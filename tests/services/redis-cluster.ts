import { freePort } from './ports.ts';
import { ask, info, type RedisServer, startRedis } from './redis.ts';
import { until } from './until.ts';

const host = '127.0.0.1';
const slots = 16_384;
/** A node that is silent for this long counts as dead. */
const nodeTimeoutMilliseconds = 2000;

export interface RedisCluster {
  /** All nodes; which of them are masters changes. */
  readonly nodes: readonly RedisServer[];
  /** The node that answers for this key now. */
  masterOf(key: string): Promise<RedisServer>;
  /** Waits until another node than this one answers for the key and the cluster is whole. */
  promotedFrom(old: RedisServer, key: string): Promise<RedisServer>;
  stop(): Promise<void>;
}

/** Masters that share the slots, each with as many replicas as come out; resolves once every node sees a whole cluster. */
export async function startRedisCluster(counts: { masters?: number; replicas?: number } = {}): Promise<RedisCluster> {
  const { masters: masterCount = 3, replicas: replicaCount = 3 } = counts;
  const nodes = await Promise.all(Array.from({ length: masterCount + replicaCount }, startNode));
  const masters = nodes.slice(0, masterCount);
  const replicas = nodes.slice(masterCount);
  await Promise.all(
    masters.map(({ port }, index) => {
      const from = Math.floor((index * slots) / masterCount);
      const to = Math.floor(((index + 1) * slots) / masterCount) - 1;
      return ask(
        port,
        ['CLUSTER', 'ADDSLOTSRANGE', `${from}`, `${to}`],
        ['CLUSTER', 'SET-CONFIG-EPOCH', `${index + 1}`],
      );
    }),
  );
  const [first] = nodes;
  if (!first) throw new RangeError('a cluster needs a node');
  for (const { port, busPort } of nodes) await ask(first.port, ['CLUSTER', 'MEET', host, `${port}`, `${busPort}`]);
  const identities = await Promise.all(
    masters.map(async ({ port }) => String((await ask(port, ['CLUSTER', 'MYID']))[0])),
  );
  for (const [index, { port }] of replicas.entries()) {
    const identity = identities[index % masterCount] ?? '';
    // Refused until the node has heard of its master.
    await until('a replica accepted', async () => (await ask(port, ['CLUSTER', 'REPLICATE', identity]))[0] === 'OK');
  }
  await until('a whole cluster on every node', async () => {
    const states = await Promise.all(nodes.map(({ port }) => describe(port)));
    const links = await Promise.all(replicas.map(({ port }) => info(port, 'replication')));
    return (
      states.every(({ state, known }) => state === 'ok' && known === nodes.length) &&
      links.every((fields) => fields.get('master_link_status') === 'up')
    );
  });

  const masterOf = async (key: string) => {
    const alive = nodes.find(({ service }) => service.isRunning);
    if (!alive) throw new Error('no node runs');
    const [slot] = await ask(alive.port, ['CLUSTER', 'KEYSLOT', key]);
    const [ranges] = await ask(alive.port, ['CLUSTER', 'SLOTS']);
    const range = (ranges as [number, number, [string, number]][]).find(
      ([from, to]) => from <= Number(slot) && Number(slot) <= to,
    );
    const node = nodes.find(({ port }) => port === range?.[2][1]);
    if (!node) throw new Error(`no node answers for slot ${slot}`);
    return node;
  };
  return {
    nodes,
    masterOf,
    promotedFrom: (old, key) =>
      until('a promoted replica', async () => {
        const node = await masterOf(key);
        return node !== old && (await describe(node.port)).state === 'ok' && node;
      }),
    async stop() {
      await Promise.all(nodes.map((node) => node.stop()));
    },
  };
}

async function startNode(): Promise<RedisServer & { readonly busPort: number }> {
  const busPort = freePort();
  const node = await startRedis([
    ...['--cluster-enabled', 'yes', '--cluster-config-file', 'nodes.conf', '--cluster-port', `${busPort}`],
    ...['--cluster-node-timeout', `${nodeTimeoutMilliseconds}`, '--cluster-replica-validity-factor', '0'],
  ]);
  return { ...node, busPort };
}

async function describe(port: number): Promise<{ state: string | undefined; known: number }> {
  const [text] = await ask(port, ['CLUSTER', 'INFO']);
  const field = (name: string) => new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(String(text))?.[1];
  return { state: field('cluster_state'), known: Number(field('cluster_known_nodes')) };
}
