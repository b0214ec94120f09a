import { type RateLimiterAbstract, RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import type { RedisClient } from '../redis/connection.ts';
import { within } from '../within.ts';

/** What takes longer than this to answer is away, in milliseconds: no request waits for an outage to end. */
const patience = 250;
/** The hash tag keeps all keys on one node of a cluster, as the queue's. */
const keyPrefix = '{giong}:rate';

export interface CounterOptions {
  /** Tells it from other counters of the same Redis. */
  readonly name: string;
  /** So many requests in so many seconds. */
  readonly points: number;
  readonly duration: number;
  /** Where the count is, for all processes together; left out, or away, each has its own. */
  readonly redis?: RedisClient | undefined;
}

export interface Count {
  readonly allowed: boolean;
  readonly remaining: number;
  readonly resetMilliseconds: number;
}

/** Counts requests in fixed windows. */
export class Counter {
  readonly points: number;
  readonly #own: RateLimiterMemory;
  readonly #shared: RateLimiterRedis | undefined;

  constructor({ name, points, duration, redis }: CounterOptions) {
    this.points = points;
    this.#own = new RateLimiterMemory({ points, duration });
    this.#shared =
      redis &&
      new RateLimiterRedis({
        storeClient: redis,
        keyPrefix: `${keyPrefix}:${name}`,
        points,
        duration,
        // Fails at once while the connection is down.
        rejectIfRedisNotReady: true,
      });
  }

  /** Counts one request. While Redis is away the count is this process's own. */
  async consume(key: string): Promise<Count> {
    if (!this.#shared) return consume(this.#own, key);
    const shared = await within(patience, consume(this.#shared, key), undefined).catch(() => undefined);
    return shared ?? consume(this.#own, key);
  }
}

async function consume(limiter: RateLimiterAbstract, key: string): Promise<Count> {
  const count = (result: RateLimiterRes, allowed: boolean): Count => ({
    allowed,
    remaining: result.remainingPoints,
    resetMilliseconds: result.msBeforeNext,
  });
  try {
    return count(await limiter.consume(key), true);
  } catch (refusal) {
    if (refusal instanceof RateLimiterRes) return count(refusal, false);
    throw refusal;
  }
}
