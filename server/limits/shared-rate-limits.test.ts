import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { isInstalled, needs } from '../../tests/services/programs.ts';
import { type RedisServer, startRedis } from '../../tests/services/redis.ts';
import { redisDeployments } from '../../tests/services/redis-deployments.ts';
import { until } from '../../tests/services/until.ts';
import { createLogger } from '../observe/log.ts';
import { connectRedis, disconnectRedis, type RedisClient } from '../redis/connection.ts';
import { parseRedisSettings } from '../redis/settings.ts';
import { RateLimits } from './rate-limits.ts';

const rates = { general: { requests: 6, seconds: 3600 }, status: null, convert: null, voices: null, upload: null };
const an = { workspaceId: 'w_an', address: '192.0.2.1' };

async function connect(environment: Readonly<Record<string, string>>): Promise<RedisClient> {
  const settings = parseRedisSettings(environment);
  if (!settings) throw new Error('no Redis');
  return connectRedis(settings, { name: 'test', log: createLogger('silent') });
}

/** As of two processes. */
async function openTwo(environment: Readonly<Record<string, string>>) {
  const clients = [await connect(environment), await connect(environment)] as const;
  return {
    limits: [new RateLimits(rates, 2, clients[0]), new RateLimits(rates, 2, clients[1])] as const,
    clients,
    [Symbol.asyncDispose]: async () => void (await Promise.all(clients.map(disconnectRedis))),
  };
}

async function send(limits: RateLimits, sender: typeof an, times: number) {
  const allowed = [];
  for (let i = 0; i < times; i++) allowed.push((await limits.count('general', sender))?.allowed);
  return allowed;
}

const kinds = ['one Redis', 'a Redis Cluster'] as const;

describe.skipIf(!isInstalled('redis-server'))(`rate limits${needs('redis-server')}`, () => {
  test.each(kinds)(
    'of several processes count together through %s',
    async (kind) => {
      const deployment = await redisDeployments[kind]();
      try {
        await using two = await openTwo(deployment.environment);
        const [first, second] = two.limits;
        expect(await send(first, an, 4)).toEqual([true, true, true, true]);
        expect(await second.count('general', an)).toMatchObject({ allowed: true, limit: 6, remaining: 1 });
        expect(await send(second, an, 2)).toEqual([true, false]);
        expect((await first.count('general', an))?.resetSeconds).toBeGreaterThan(3000);
        // Five of the address's twelve are left, whoever asks, wherever.
        const binh = { ...an, workspaceId: 'w_binh' };
        const chi = { ...an, workspaceId: 'w_chi' };
        expect(await send(second, binh, 6)).toEqual(Array(6).fill(true));
        expect(await send(first, chi, 1)).toEqual([false]);
        expect(await send(first, { ...chi, address: '192.0.2.2' }, 1)).toEqual([true]);
      } finally {
        await deployment.stop();
      }
    },
    60_000,
  );

  describe('while Redis is away', () => {
    let redis: RedisServer;
    beforeAll(async () => {
      redis = await startRedis();
    });
    afterAll(() => redis.stop());

    test('each process goes on by itself, and they count together again when it is back', async () => {
      await using two = await openTwo({ REDIS_URL: redis.url });
      const [first, second] = two.limits;
      expect(await send(first, an, 6)).toEqual(Array(6).fill(true));
      expect(await send(second, an, 1)).toEqual([false]);

      await redis.service.kill();
      expect(await send(first, an, 7)).toEqual([...Array(6).fill(true), false]);
      expect(await send(second, an, 2)).toEqual([true, true]);

      await redis.service.restart();
      await until('both connections', () => two.clients.every((client) => client.status === 'ready'));
      // What was on its way when Redis went may have been counted twice, never less than once.
      const [before, ...rest] = await send(first, an, 7);
      expect([before, rest.at(-1)]).toEqual([true, false]);
      expect(await send(second, an, 1)).toEqual([false]);
    }, 60_000);

    test('a server that answers nothing holds nobody up', async () => {
      await using two = await openTwo({ REDIS_URL: redis.url });
      const binh = { ...an, workspaceId: 'w_binh' };
      redis.service.pause();
      try {
        expect(await send(two.limits[0], binh, 3)).toEqual([true, true, true]);
      } finally {
        redis.service.resume();
      }
    }, 60_000);
  });
});
