import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import type { QueueStatus, ScaleAnswer, SystemStats } from '#server/http/api-types.ts';
import { isInstalled, needs } from '../services/programs.ts';
import { type RedisServer, startRedis } from '../services/redis.ts';
import { until } from '../services/until.ts';
import {
  type GiongProcess,
  makeDataFolder,
  type ServerProcess,
  startServerProcess,
  startWorkerProcess,
} from './server-process.ts';
import { Visitor } from './visitor.ts';

describe.if(isInstalled('redis-server'))(`a fleet of processes${needs('redis-server')}`, () => {
  let folder: Awaited<ReturnType<typeof makeDataFolder>>;
  let redis: RedisServer;
  let server: ServerProcess;
  let workers: GiongProcess[];
  let visitor: Visitor;
  beforeAll(async () => {
    folder = await makeDataFolder();
    redis = await startRedis();
    const environment = { REDIS_URL: redis.url, GIONG_ADMIN_KEY: 'sesame' };
    server = await startServerProcess(folder.path, { ...environment, GIONG_WORKERS: '0' });
    workers = [
      await startWorkerProcess(folder.path, { ...environment, GIONG_WORKERS: '1' }),
      await startWorkerProcess(folder.path, { ...environment, GIONG_WORKERS: '1' }),
    ];
    visitor = new Visitor(server);
  });
  afterAll(async () => {
    await Promise.all(workers.map((worker) => worker.stop()));
    await server.stop();
    await redis.stop();
    await folder[Symbol.asyncDispose]();
  });

  /** Waits until the server knows of exactly these worker counts, smallest first. */
  const become = (...counts: readonly number[]) =>
    until(`workers ${counts}`, async () => {
      const { fleet } = await visitor.json<SystemStats>('/api/system/stats');
      const sizes = fleet.hosts.filter(({ role }) => role === 'worker').map((host) => host.workers);
      if (sizes.toSorted().join() !== counts.join()) throw new Error(`workers ${sizes}`);
      return fleet;
    });

  test('the total over all hosts is dealt out anew when the operator says so, and when a host leaves', async () => {
    const fleet = await become(1, 1);
    expect(fleet.hosts.map(({ role, works }) => ({ role, works }))).toContainEqual({ role: 'server', works: false });
    const headers = { 'Content-Type': 'application/json', Authorization: 'Bearer sesame' };
    const body = JSON.stringify({ new_worker_count: 5 });
    const response = await visitor.fetch('/api/system/scale', { method: 'POST', headers, body });
    const answer = (await response.json()) as ScaleAnswer;
    expect(answer).toMatchObject({ workers: 5, previousWorkers: 2 });
    expect(answer.hosts.map((host) => host.workers).toSorted()).toEqual([2, 3]);
    await become(2, 3);
    expect(await visitor.json<QueueStatus>('/api/queue/status')).toMatchObject({ workers: 5 });

    await workers.shift()?.stop();
    await become(5);
    await visitor.fetch('/api/session');
    using news = await visitor.listen();
    const { id } = await visitor.convert({ source: 'sample-vietnamese', voice: 'sample-1688' });
    expect(await news.ended(id)).toMatchObject({ status: 'done' });

    const reset = { method: 'DELETE', headers: { Authorization: 'Bearer sesame' } };
    expect((await visitor.fetch('/api/system/scale', reset)).status).toBe(204);
    await become(1);
  });
});
