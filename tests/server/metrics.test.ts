import { afterAll, beforeAll, expect, test } from 'bun:test';
import { makeDataFolder, type ServerProcess, startServerProcess } from './server-process.ts';
import { problemOf, Visitor } from './visitor.ts';

let folder: Awaited<ReturnType<typeof makeDataFolder>>;
let server: ServerProcess;
beforeAll(async () => {
  folder = await makeDataFolder();
  server = await startServerProcess(folder.path, { GIONG_ADMIN_KEY: 'sesame' });
});
afterAll(async () => {
  await server.stop();
  await folder[Symbol.asyncDispose]();
});

test('the measures of a conversion: its request by route, its job, its audio, its voice', async () => {
  const visitor = new Visitor(server);
  await visitor.fetch('/api/session');
  using news = await visitor.listen();
  const { id } = await visitor.convert({ source: 'sample-vietnamese', voice: 'sample-1688' });
  const job = await news.ended(id);
  const next = await visitor.convert({ source: 'sample-english', voice: 'sample-1688' });
  const nextJob = await news.ended(next.id);
  await visitor.fetch(`/api/jobs/${id}`);
  await visitor.fetch('/api/jobs/j_none');

  const response = await visitor.fetch('/metrics');
  expect(response.headers.get('content-type')).toStartWith('text/plain; version=0.0.4');
  const measures = await response.text();
  const value = (series: string) =>
    Number(
      measures
        .split('\n')
        .find((line) => line.startsWith(`${series} `))
        ?.split(' ')[1],
    );
  const requests = (labels: string) => value(`giong_http_request_duration_seconds_count{${labels}}`);
  expect(requests('method="POST",route="/api/convert",status="202"')).toBe(2);
  expect(requests('method="GET",route="/api/jobs/:id",status="200"')).toBe(1);
  expect(requests('method="GET",route="/api/jobs/:id",status="404"')).toBe(1);
  expect(value('giong_job_duration_seconds_count{outcome="done"}')).toBe(2);
  expect(value('giong_audio_converted_seconds_total')).toBeCloseTo(job.source.seconds + nextJob.source.seconds, 5);
  expect(value('giong_voice_cache_requests_total{result="miss"}')).toBe(1);
  expect(value('giong_voice_cache_requests_total{result="hit"}')).toBe(1);
  expect(value('giong_queue_jobs{priority="normal"}')).toBe(0);
  expect(value('giong_workers{state="idle"}') + value('giong_workers{state="busy"}')).toBe(1);
  expect(measures).not.toContain(id);
});

test('are not for everybody: others need the admin key', async () => {
  const visitor = new Visitor(server);
  const forwarded = { 'X-Forwarded-For': '192.0.2.1' };
  for (const headers of [forwarded, { ...forwarded, Authorization: 'Bearer guess' }]) {
    const response = await visitor.fetch('/metrics', { headers });
    expect(response.headers.get('www-authenticate')).toBe('Bearer');
    expect(await problemOf(response)).toMatchObject({ status: 401, code: 'unauthorized' });
  }
  const admin = await visitor.fetch('/metrics', { headers: { ...forwarded, Authorization: 'Bearer sesame' } });
  expect(admin.status).toBe(200);
});
