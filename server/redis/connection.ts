import { Cluster, Redis, type RedisOptions } from 'ioredis';
import type { Logger } from '../observe/log.ts';
import { describeRedis, type RedisSettings } from './settings.ts';

export type RedisClient = Redis | Cluster;

export interface RedisConnectionOptions {
  /** Says at the server who this is (CLIENT LIST). */
  readonly name: string;
  readonly log: Logger;
  /**
   * Milliseconds after which a command fails whose answer does not come: the longest outage that a caller waits out.
   * Undefined: commands wait for ever, as blocking readers want it.
   */
  readonly commandTimeout?: number;
  /** A first connection that takes longer has failed; 30 s unless told. */
  readonly connectSeconds?: number;
}

const defaultConnectSeconds = 30;
/** A server that owes an answer and sends nothing for this long is gone. Blocking commands ask for less. */
const silenceMilliseconds = 10_000;

/**
 * A connection that goes on by itself after every outage and every change of master: it reconnects with a growing pause,
 * and commands that had no answer are sent again, so they must bear being done twice.
 * Resolves once Redis answers. Throws when it does not within `connectSeconds`.
 */
export async function connectRedis(settings: RedisSettings, options: RedisConnectionOptions): Promise<RedisClient> {
  const client = createClient(settings, options);
  client.on('error', (error) => options.log.warn({ err: error, redis: options.name }, 'Redis connection'));
  await firstReady(client, settings, options.connectSeconds ?? defaultConnectSeconds);
  return client;
}

/** Lets go of the connection at once; who waits for an answer gets an error. */
export async function disconnectRedis(client: RedisClient): Promise<void> {
  if (client.status === 'end') return;
  const ended = new Promise<void>((resolve) => client.once('end', () => resolve()));
  client.disconnect();
  await ended;
}

function createClient(settings: RedisSettings, { name, commandTimeout }: RedisConnectionOptions): RedisClient {
  const { username, password } = settings;
  const common = {
    connectionName: name,
    ...(username && { username }),
    ...(password && { password }),
    ...(settings.tls && { tls: {} }),
    ...(commandTimeout && { commandTimeout }),
    // Patience is bounded by time, not by the number of attempts; BullMQ insists.
    maxRetriesPerRequest: null,
    socketTimeout: silenceMilliseconds,
    connectTimeout: 5000,
    keepAlive: 10_000,
    lazyConnect: true,
  } satisfies RedisOptions;
  switch (settings.mode) {
    case 'single':
      return new Redis({
        ...common,
        ...settings.address,
        db: settings.database,
        retryStrategy: backOff,
        reconnectOnError: isFromReplica,
      });
    case 'sentinel':
      return new Redis({
        ...common,
        sentinels: [...settings.sentinels],
        name: settings.master,
        ...(settings.sentinelPassword && { sentinelPassword: settings.sentinelPassword }),
        ...(settings.tls && { enableTLSForSentinelMode: true, sentinelTLS: {} }),
        retryStrategy: backOff,
        sentinelRetryStrategy: backOff,
        reconnectOnError: isFromReplica,
        failoverDetector: true,
      });
    case 'cluster':
      return new Cluster([...settings.nodes], {
        clusterRetryStrategy: backOff,
        // A failover takes seconds: together these outlast it many times over.
        maxRedirections: 200,
        retryDelayOnFailover: 250,
        retryDelayOnClusterDown: 250,
        slotsRefreshTimeout: 3000,
        lazyConnect: true,
        redisOptions: common,
      });
  }
}

/** Milliseconds before the next attempt: doubling up to 2 s, spread so that a fleet does not come back in one instant. */
function backOff(attempt: number): number {
  return Math.min(2000, 50 * 2 ** Math.min(attempt, 6)) * (0.75 + Math.random() / 2);
}

/** The master that we knew has become a replica: connect anew, which finds the present one, and send the command again (2). */
function isFromReplica({ message }: Error): 2 | false {
  return /READONLY|UNBLOCKED/.test(message) ? 2 : false;
}

async function firstReady(client: RedisClient, settings: RedisSettings, connectSeconds: number): Promise<void> {
  const ready = Promise.withResolvers<void>();
  let lastError: Error | undefined;
  const remember = (error: Error) => {
    lastError = error;
  };
  client.on('error', remember);
  client.once('ready', ready.resolve);
  // A first attempt that fails is followed by others; `error` has told of it.
  client.connect().catch(() => {});
  const late = setTimeout(() => {
    const silence = `${describeRedis(settings)} does not answer within ${connectSeconds} s`;
    ready.reject(new Error(lastError ? `${silence}: ${lastError.message}` : silence, { cause: lastError }));
  }, connectSeconds * 1000);
  try {
    await ready.promise;
  } catch (error) {
    client.disconnect();
    throw error;
  } finally {
    clearTimeout(late);
    client.off('error', remember);
  }
}
