import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { isInstalled, needs } from '../../tests/services/programs.ts';
import { type RedisDeployment, redisDeployments } from '../../tests/services/redis-deployments.ts';
import { until } from '../../tests/services/until.ts';
import { createLogger } from '../observe/log.ts';
import { connectRedis, disconnectRedis, type RedisClient } from '../redis/connection.ts';
import { parseRedisSettings, type RedisSettings } from '../redis/settings.ts';
import { BullQueue } from './bull-queue.ts';
import { describeJobQueue } from './queue.contract.ts';

const log = createLogger('silent');
let queues = 0;

describe.skipIf(!isInstalled('redis-server') || !isInstalled('redis-sentinel')).each(Object.entries(redisDeployments))(
  `on %s${needs('redis-server') || needs('redis-sentinel')}`,
  (_name, start) => {
    let deployment: RedisDeployment;
    let settings: RedisSettings;
    let client: RedisClient;
    beforeAll(async () => {
      deployment = await start();
      const parsed = parseRedisSettings(deployment.environment);
      if (!parsed) throw new Error('no Redis configured');
      settings = parsed;
      client = await connectRedis(settings, { name: 'test', log });
    }, 60_000);
    afterAll(async () => {
      await disconnectRedis(client);
      await deployment.stop();
    });

    test('seconds of a job that vanished count until the next start', async () => {
      const name = `test-${++queues}`;
      const queue = await BullQueue.open(settings, { log, name });
      for (const jobId of ['a', 'b']) await queue.add({ jobId, workspaceId: 'w', priority: 'paid', seconds: 10 });
      await client.zrem(`{giong}:${name}:prioritized`, 'b');
      await client.del(`{giong}:${name}:b`);
      await queue.recover();
      expect(await queue.counts()).toMatchObject({ queued: { paid: 1 }, queuedSeconds: 10 });
      await queue.close();
    });

    test('two processes hear each other’s events, and one may cancel what the other runs', async () => {
      const name = `test-${++queues}`;
      const [one, other] = await Promise.all([1, 2].map(() => BullQueue.open(settings, { log, name })));
      if (!one || !other) throw new Error('no queues');
      const heard = Promise.withResolvers<void>();
      const events: string[] = [];
      other.subscribe(({ type }) => events.push(type));
      one.subscribe(({ type }) => {
        if (type === 'finished') heard.resolve();
      });
      await one.add({ jobId: 'a', workspaceId: 'w', priority: 'normal', seconds: 10 });
      await one.take(new AbortController().signal);
      await one.progress('a', 0.5);
      expect((await other.states(['a'])).get('a')).toMatchObject({ status: 'active', progress: 0.5 });
      await other.cancel('a');
      await heard.promise;
      await until('the same news', () => events.length === 5);
      expect(events).toEqual(['queued', 'active', 'progress', 'cancel', 'finished']);
      await Promise.all([one.close(), other.close()]);
    });

    describeJobQueue('BullQueue', async () => {
      const name = `test-${++queues}`;
      const opened: BullQueue[] = [];
      return {
        async open() {
          const queue = await BullQueue.open(settings, { log, name });
          opened.push(queue);
          return queue;
        },
        async crash(queue) {
          const running = await client.lrange(`{giong}:${name}:active`, 0, -1);
          await queue.close();
          // As when the locks run out.
          for (const id of running) await client.del(`{giong}:${name}:${id}:lock`);
        },
        async destroy() {
          await Promise.all(opened.map((queue) => queue.close()));
        },
      };
    });
  },
);
