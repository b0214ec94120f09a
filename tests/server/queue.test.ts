import { expect, test } from 'bun:test';
import type { Job, QueueStatus } from '#server/http/api-types.ts';
import { makeDataFolder, type ServerProcess, startServerProcess } from './server-process.ts';
import { tone, wavOf } from './sounds.ts';
import { problemOf, Visitor } from './visitor.ts';

const authorization = { Authorization: 'Bearer sesame' };

async function clear(server: ServerProcess, query = ''): Promise<number> {
  const response = await fetch(`${server.url}/api/queue${query}`, { method: 'DELETE', headers: authorization });
  expect(response.status).toBe(200);
  return ((await response.json()) as { cancelled: number }).cancelled;
}

test('the operator clears the queue: what waits is cancelled and its users hear of it, what runs goes on', async () => {
  await using folder = await makeDataFolder();
  const server = await startServerProcess(folder.path, { GIONG_ADMIN_KEY: 'sesame' });
  try {
    const [busy, waiting] = [new Visitor(server), new Visitor(server)];
    const long = await busy.upload(wavOf(tone(40)), 'long.wav');
    await waiting.fetch('/api/session');
    using busyNews = await busy.listen();
    using waitingNews = await waiting.listen();
    const running = await busy.convert({ source: long.id, voice: 'sample-1688' });
    await busyNews.until((message) => message.type === 'progress' && message.id === running.id);
    const jobs: string[] = [];
    for (const source of ['sample-english', 'sample-vietnamese']) {
      jobs.push((await waiting.convert({ source, voice: 'sample-1688' })).id);
    }

    expect(await clear(server)).toBe(2);
    for (const id of jobs) expect(await waitingNews.ended(id)).toMatchObject({ status: 'cancelled' });
    expect(await waiting.json<QueueStatus>('/api/queue/status')).toMatchObject({ queued: 0, active: 1 });
    expect((await busyNews.ended(running.id)).status).toBe('done');
  } finally {
    await server.stop();
  }
}, 30_000);

test('on request it cancels what runs, too', async () => {
  await using folder = await makeDataFolder();
  const server = await startServerProcess(folder.path, { GIONG_ADMIN_KEY: 'sesame' });
  try {
    const visitor = new Visitor(server);
    const long = await visitor.upload(wavOf(tone(50)), 'long.wav');
    using news = await visitor.listen();
    const { id } = await visitor.convert({ source: long.id, voice: 'sample-1688' });
    await news.until((message) => message.type === 'progress' && message.id === id);
    expect(await clear(server, '?running=true')).toBe(1);
    const job = await news.ended(id);
    expect(job).toMatchObject({ status: 'cancelled', startedAt: expect.any(String) });
    expect(await visitor.json<Job>(`/api/jobs/${id}`)).toEqual(job);
  } finally {
    await server.stop();
  }
}, 30_000);

test('only the operator may, and jobs of a higher priority are theirs as well', async () => {
  await using folder = await makeDataFolder();
  const server = await startServerProcess(folder.path, { GIONG_ADMIN_KEY: 'sesame', GIONG_WORKERS: '0' });
  try {
    for (const headers of [{}, { Authorization: 'Bearer guess' }]) {
      const response = await fetch(`${server.url}/api/queue`, { method: 'DELETE', headers });
      expect(response.headers.get('www-authenticate')).toBe('Bearer');
      expect(await problemOf(response)).toMatchObject({ status: 401, code: 'unauthorized' });
    }
    const unknown = await fetch(`${server.url}/api/queue?all=1`, { method: 'DELETE', headers: authorization });
    expect(await problemOf(unknown)).toMatchObject({ status: 400, code: 'request-invalid' });

    const visitor = new Visitor(server);
    const body = JSON.stringify({ source: 'sample-english', voice: 'sample-1688', priority: 'admin' });
    const headers = { ...authorization, 'Content-Type': 'application/json' };
    expect((await visitor.fetch('/api/convert', { method: 'POST', headers, body })).status).toBe(202);
    const { queuedByPriority } = await visitor.json<QueueStatus>('/api/queue/status');
    expect(queuedByPriority).toEqual({ admin: 1, paid: 0, normal: 0 });
  } finally {
    await server.stop();
  }
});
