import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import type { QueueStatus, ScaleAnswer, SystemStats } from '#server/http/api-types.ts';
import { until } from '../services/until.ts';
import { makeDataFolder, type ServerProcess, startServerProcess } from './server-process.ts';
import { tone, wavOf } from './sounds.ts';
import { problemOf, Visitor } from './visitor.ts';

let folder: Awaited<ReturnType<typeof makeDataFolder>>;
let server: ServerProcess;
let visitor: Visitor;
beforeAll(async () => {
  folder = await makeDataFolder();
  server = await startServerProcess(folder.path, { GIONG_ADMIN_KEY: 'sesame', GIONG_WORKERS: '1' });
  visitor = new Visitor(server);
});
afterAll(async () => {
  await server.stop();
  await folder[Symbol.asyncDispose]();
});

function scale(body: string, key = 'sesame'): Promise<Response> {
  const headers = { 'Content-Type': 'application/json', Authorization: `Bearer ${key}` };
  return visitor.fetch('/api/system/scale', { method: 'POST', headers, body });
}
const stats = () => visitor.json<SystemStats>('/api/system/stats');

describe('POST /api/system/scale', () => {
  test('is for the operator', async () => {
    expect(await problemOf(await scale('{"new_worker_count": 2}', 'guess'))).toMatchObject({ status: 401 });
    expect((await stats()).workers.total).toBe(1);
  });

  test.each(['{"new_worker_count": 0}', '{"new_worker_count": 65}', '{"new_worker_count": 1.5}', '{}', 'no JSON'])(
    'refuses %s',
    async (body) => {
      expect(await problemOf(await scale(body))).toMatchObject({ status: 400, code: 'request-invalid' });
    },
  );

  test('refuses unknown fields', async () => {
    const problem = await problemOf(await scale('{"new_worker_count": 2, "force": true}'));
    expect(problem).toMatchObject({ status: 400, code: 'request-invalid' });
  });

  test('grows and shrinks for real, and no job is lost on the way', async () => {
    await visitor.fetch('/api/session');
    using news = await visitor.listen();
    const sources = await Promise.all([8, 9, 10].map((seconds) => visitor.upload(wavOf(tone(seconds)), 'tone.wav')));
    const jobs: string[] = [];
    for (const { id: source } of sources) jobs.push((await visitor.convert({ source, voice: 'sample-1688' })).id);
    const grown = await scale('{"new_worker_count": 3}');
    expect(grown.status).toBe(200);
    const answer = (await grown.json()) as ScaleAnswer;
    expect(answer).toMatchObject({ workers: 3, previousWorkers: 1, hosts: [{ workers: 3 }] });
    await until('three jobs at once', async () => (await stats()).workers.busy === 3);
    expect(await visitor.json<QueueStatus>('/api/queue/status')).toMatchObject({ workers: 3, active: 3, queued: 0 });

    expect((await scale('{"new_worker_count": 1}')).status).toBe(200);
    for (const id of jobs) expect(await news.ended(id)).toMatchObject({ status: 'done' });
    const { workers, jobs: outcomes, replacedWorkers, latency } = await stats();
    expect(latency.jobs).toBe(3);
    expect(latency.work?.p95).toBeGreaterThanOrEqual(latency.work?.p50 ?? Number.NaN);
    expect(latency.wait?.p50).toBeGreaterThanOrEqual(0);
    expect(workers).toEqual({ total: 1, busy: 0 });
    expect(outcomes).toMatchObject({ done: 3, queued: 0, active: 0 });
    expect(replacedWorkers).toEqual({ crashed: 0, stuck: 0, memory: 0 });
  });

  test('is taken back by DELETE: as many as the server was started with', async () => {
    const reset = (key: string) =>
      visitor.fetch('/api/system/scale', { method: 'DELETE', headers: { Authorization: `Bearer ${key}` } });
    expect((await scale('{"new_worker_count": 2}')).status).toBe(200);
    expect(await problemOf(await reset('guess'))).toMatchObject({ status: 401 });
    expect((await stats()).workers.total).toBe(2);
    expect((await reset('sesame')).status).toBe(204);
    expect((await stats()).workers.total).toBe(1);
  });
});

test('the statistics tell of machine, memory, caches and fleet', async () => {
  const answer = await stats();
  expect(answer.cpu.perCore.length).toBeGreaterThan(0);
  expect(answer.memory.workersBytes).toBeGreaterThan(1_000_000);
  expect(answer.memory.workersBytes).toBeLessThan(answer.memory.processBytes);
  expect(answer.disk.freeBytes).toBeLessThanOrEqual(answer.disk.totalBytes);
  expect(answer.caches.voices).toMatchObject({ entries: 1, budgetBytes: 64 * 2 ** 20 });
  expect(answer.caches.voices?.bytes).toBeGreaterThan(1000);
  expect(answer.fleet).toMatchObject({ workers: 1, busy: 0, hosts: [{ role: 'server', works: true, workers: 1 }] });
  expect(answer.fleet.jobsPerMinute).toBeGreaterThan(0);

  const measures = await (await visitor.fetch('/metrics')).text();
  for (const series of [
    /^giong_cpu_busy_ratio\{core="0"\} [\d.e-]+$/m,
    /^giong_machine_traffic_bytes_per_second\{what="disk_read"\} [\d.e+-]+$/m,
    /^giong_disk_bytes\{state="free"\} \d+$/m,
    /^giong_worker_memory_bytes \d+$/m,
    /^giong_worker_replacements_total\{reason="crashed"\} 0$/m,
    /^giong_cache_bytes\{cache="voices",what="used"\} \d+$/m,
    /^giong_fleet_workers 1$/m,
    /^giong_fleet_hosts\{role="server"\} 1$/m,
  ]) {
    expect(measures).toMatch(series);
  }
});
