import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { isInstalled, needs } from '../../tests/services/programs.ts';
import { type RedisDeployment, redisDeployments } from '../../tests/services/redis-deployments.ts';
import { until } from '../../tests/services/until.ts';
import { createLogger } from '../observe/log.ts';
import { parseRedisSettings } from '../redis/settings.ts';
import type { TricksHandlers } from '../workers/fixtures/tricks-worker.ts';
import { WorkerPool } from '../workers/pool.ts';
import { spawnWorker } from '../workers/worker-client.ts';
import type { HostIdentity } from './fleet.ts';
import { RedisFleet } from './redis-fleet.ts';

const log = createLogger('silent');
const timeout = 60_000;

interface Member {
  readonly fleet: RedisFleet;
  readonly pool: WorkerPool<TricksHandlers>;
}

describe.each(Object.entries(redisDeployments))('a fleet on %s', (kind, start) => {
  const program = kind === 'Redis with Sentinels' ? 'redis-sentinel' : 'redis-server';
  describe.if(isInstalled(program))(needs(program), () => {
    let redis: RedisDeployment;
    let members: Member[];
    beforeEach(async () => {
      redis = await start();
      members = [];
    }, timeout);
    afterEach(async () => {
      await Promise.all(members.map(({ fleet }) => fleet.close()));
      for (const { pool } of members) pool.stop();
      await redis.stop();
    }, timeout);

    async function join(
      name: string,
      cores: number,
      workers: number,
      works = true,
      beatMilliseconds = 100,
    ): Promise<Member> {
      const settings = parseRedisSettings(redis.environment);
      if (!settings) throw new Error('no Redis');
      const tricks = new URL('../workers/fixtures/tricks-worker.ts', import.meta.url);
      const pool = new WorkerPool<TricksHandlers>(workers, () => spawnWorker(tricks, { greeting: name }));
      const identity: HostIdentity = { name, role: works ? 'worker' : 'server', works, cores, version: '1' };
      const fleet = await RedisFleet.open(
        settings,
        identity,
        { pool, metrics: { jobsPerMinute: 1.5 } },
        { log, beatMilliseconds },
      );
      const member = { fleet, pool };
      members.push(member);
      return member;
    }

    const sizes = () => members.map(({ pool }) => pool.size);
    const become = (expected: readonly number[]) =>
      until(`workers ${expected}`, () => {
        if (sizes().join() !== expected.join()) throw new Error(`workers ${sizes()}`);
        return true;
      });

    test(
      'knows its hosts and all their workers, and leaves them as they were started until told otherwise',
      async () => {
        await join('a', 2, 2);
        const { fleet } = await join('b', 4, 3);
        const web = await join('web', 8, 0, false);
        expect(web.fleet.totalWorkers()).toBe(5);
        await until('b hears of the server', async () => (await fleet.hosts()).length === 3);
        expect((await fleet.hosts()).map(({ name, role, workers, cores }) => ({ name, role, workers, cores }))).toEqual(
          expect.arrayContaining([
            { name: 'a', role: 'worker', workers: 2, cores: 2 },
            { name: 'b', role: 'worker', workers: 3, cores: 4 },
            { name: 'web', role: 'server', workers: 0, cores: 8 },
          ]),
        );
        expect(sizes()).toEqual([2, 3, 0]);
      },
      timeout,
    );

    test(
      'deals out a total by cores, anew with every host that joins or leaves',
      async () => {
        await join('a', 2, 1);
        await join('b', 4, 1);
        const web = await join('web', 8, 0, false);
        const shares = await web.fleet.scale(6);
        expect(Object.fromEntries(shares.map(({ name, workers }) => [name, workers]))).toEqual({ a: 2, b: 4 });
        await become([2, 4, 0]);
        await until('the server counts them', () => web.fleet.totalWorkers() === 6);

        const late = await join('c', 6, 1);
        await become([1, 2, 0, 3]);
        await late.fleet.close();
        late.pool.resize(0);
        await become([2, 4, 0, 0]);

        await web.fleet.unscale();
        await join('d', 6, 3);
        await become([1, 1, 0, 0, 3]);
      },
      timeout,
    );

    test(
      'deals out the share of a host that has fallen silent',
      async () => {
        const first = await join('a', 2, 1);
        // It says once that it is there, as one does that is killed then.
        await join('silent', 2, 1, true, 3_600_000);
        expect(await first.fleet.scale(4)).toHaveLength(2);
        await until('one host is left', async () => (await first.fleet.hosts()).length === 1);
        await until('it has all workers', () => first.pool.size === 4);
      },
      timeout,
    );

    test(
      'keeps its shares through an outage, and knows the total even when Redis has forgotten it',
      async () => {
        const [first] = [await join('a', 2, 1), await join('b', 2, 1)];
        await first.fleet.scale(8);
        await become([4, 4]);
        if (kind === 'one Redis') {
          const service = await redis.master();
          service.pause();
          await expect(first.fleet.scale(2)).rejects.toMatchObject({ code: 'busy' });
          expect(sizes()).toEqual([4, 4]);
          await service.restart();
        } else {
          await redis.failOver('killed');
        }
        await join('c', 4, 1);
        await become([2, 2, 4]);
      },
      2 * timeout,
    );
  });
});
