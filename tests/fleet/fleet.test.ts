import { describe, test } from 'bun:test';
import { startPostgres } from '../services/postgres.ts';
import { isInstalled, needs, type Program } from '../services/programs.ts';
import { redisDeployments } from '../services/redis-deployments.ts';
import { startCrowd } from './crowd.ts';
import { startFleet } from './fleet.ts';

const programs: readonly Program[] = ['redis-server', 'redis-sentinel', 'postgres', 'haproxy', 'openssl'];
const outageMilliseconds = 10_000;

describe.skipIf(!programs.every(isInstalled)).each(Object.entries(redisDeployments))(
  `three replicas and two workers behind HAProxy, on PostgreSQL and %s${programs.map(needs).join('')}`,
  (_name, startRedis) => {
    test('300 jobs of 30 users all end done and are heard of, whatever is killed meanwhile', async () => {
      await using stack = new AsyncDisposableStack();
      const redis = await startRedis();
      stack.defer(() => redis.stop());
      const postgres = await startPostgres();
      stack.defer(() => postgres.stop());
      const environment = { ...redis.environment, DATABASE_URL: await postgres.createDatabase() };
      const fleet = stack.use(await startFleet(environment, { replicas: 3, workers: 2 }));
      const crowd = await startCrowd(fleet.url, { users: 30, jobsEach: 10 });
      stack.defer(() => crowd.leave());

      await crowd.reached(40);
      await fleet.workers[0]?.replace();
      await crowd.reached(90);
      await fleet.replicas[0]?.replace();
      await crowd.reached(140);
      if (redis.hasReplica) await redis.failOver('killed');
      await crowd.reached(200);
      redis.pause();
      await Bun.sleep(outageMilliseconds);
      redis.resume();
      await crowd.expectAllDone();
    }, 300_000);
  },
);
