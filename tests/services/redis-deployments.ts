import { startRedis } from './redis.ts';
import { startRedisCluster } from './redis-cluster.ts';
import { startRedisSentinel } from './redis-sentinel.ts';
import type { Service } from './service.ts';

/** A Redis of one of the kinds that the server can use. */
export interface RedisDeployment {
  /** The variables of the server's configuration that lead there. */
  readonly environment: Readonly<Record<string, string>>;
  /** Whether somebody can take over from the master. */
  readonly hasReplica: boolean;
  /** The process that keeps the server's keys now. */
  master(): Promise<Service>;
  /**
   * Takes that process away and waits until a replica has taken over; where there is none it fails. `killed`: as by a power cut. `frozen`: as behind a cut
   * cable; it is let go afterwards, and still believes that it is the master.
   */
  failOver(how: 'killed' | 'frozen'): Promise<void>;
  /** Nothing of it answers any more, nor sees anything, as when the network between is gone; until `resume`. */
  pause(): void;
  resume(): void;
  stop(): Promise<void>;
}

/** The hash tag of all the server's keys. */
const tag = '{giong}';

const addresses = (servers: readonly { host: string; port: number }[]) =>
  servers.map(({ host, port }) => `${host}:${port}`).join(',');

function freezing(services: readonly Service[]): Pick<RedisDeployment, 'pause' | 'resume'> {
  let frozen: readonly Service[] = [];
  return {
    pause() {
      frozen = services.filter(({ isRunning }) => isRunning);
      for (const service of frozen) service.pause();
    },
    resume() {
      for (const service of frozen) service.resume();
    },
  };
}

async function takeAway(service: Service, how: 'killed' | 'frozen'): Promise<void> {
  if (how === 'killed') await service.kill();
  else service.pause();
}

async function single(): Promise<RedisDeployment> {
  const redis = await startRedis();
  return {
    environment: { REDIS_URL: redis.url },
    master: async () => redis.service,
    hasReplica: false,
    failOver: () => Promise.reject(new Error('a single Redis has no replica')),
    ...freezing([redis.service]),
    stop: () => redis.stop(),
  };
}

async function cluster(): Promise<RedisDeployment> {
  const nodes = await startRedisCluster({ masters: 3, replicas: 3 });
  return {
    environment: { REDIS_CLUSTER: addresses(nodes.nodes) },
    hasReplica: true,
    master: async () => (await nodes.masterOf(tag)).service,
    async failOver(how) {
      const old = await nodes.masterOf(tag);
      await takeAway(old.service, how);
      await nodes.promotedFrom(old, tag);
      old.service.resume();
    },
    ...freezing(nodes.nodes.map(({ service }) => service)),
    stop: () => nodes.stop(),
  };
}

async function sentinel(): Promise<RedisDeployment> {
  const watched = await startRedisSentinel({ replicas: 2, sentinels: 3 });
  return {
    environment: { REDIS_SENTINELS: addresses(watched.sentinels), REDIS_MASTER: watched.masterName },
    hasReplica: true,
    master: async () => (await watched.master()).service,
    async failOver(how) {
      const old = await watched.master();
      await takeAway(old.service, how);
      await watched.promotedFrom(old);
      old.service.resume();
    },
    ...freezing([...watched.servers, ...watched.sentinels].map(({ service }) => service)),
    stop: () => watched.stop(),
  };
}

/** How to start each kind, by what a test's name calls it. */
export const redisDeployments = {
  'one Redis': single,
  'a Redis Cluster': cluster,
  'Redis with Sentinels': sentinel,
} as const;
