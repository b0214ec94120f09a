import type { Config } from '../config.ts';
import type { Logger } from '../observe/log.ts';
import { connectRedis, disconnectRedis } from '../redis/connection.ts';
import { RateLimits } from './rate-limits.ts';

/** The rate limits of the configuration: shared through Redis where there is one. Throws when it can't be reached. */
export async function openRateLimits(
  config: Config,
  log: Logger,
): Promise<{ rateLimits: RateLimits; close(): Promise<void> }> {
  const {
    rateGeneral: general,
    rateStatus: status,
    rateConvert: convert,
    rateVoices: voices,
    rateUpload: upload,
  } = config;
  const redis = config.redis && (await connectRedis(config.redis, { name: 'giong-limits', log }));
  return {
    rateLimits: new RateLimits({ general, status, convert, voices, upload }, config.usersPerAddress, redis),
    async close() {
      if (redis) await disconnectRedis(redis);
    },
  };
}
