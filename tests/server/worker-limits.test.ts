import { describe, expect, test } from 'bun:test';
import type { SystemStats } from '#server/http/api-types.ts';
import { makeDataFolder, type ServerProcess, startServerProcess } from './server-process.ts';
import { tone, wavOf } from './sounds.ts';
import { Visitor } from './visitor.ts';

async function startJob(server: ServerProcess, seconds: number) {
  const visitor = new Visitor(server, 'en');
  const { id: source } = await visitor.upload(wavOf(tone(seconds)), 'tone.wav');
  const news = await visitor.listen();
  const { id } = await visitor.convert({ source, voice: 'sample-1688' });
  return { visitor, news, id };
}

describe('the limits of workers', () => {
  test('a conversion that takes longer than its audio allows fails for good, in words', async () => {
    await using folder = await makeDataFolder();
    const server = await startServerProcess(folder.path, {
      GIONG_JOB_SECONDS_BASE: '0.01',
      GIONG_JOB_SECONDS_FACTOR: '0.001',
    });
    try {
      const { news, id } = await startJob(server, 10);
      using _ = news;
      expect(await news.ended(id)).toMatchObject({
        status: 'failed',
        error: { code: 'job-timeout', title: 'The conversion took too long and was stopped' },
      });
      expect(await server.logged('job failed')).toMatchObject({ jobId: id, code: 'job-timeout' });
    } finally {
      await server.stop();
    }
  });

  test('a worker beyond its memory is replaced between jobs, and says so in log and statistics', async () => {
    await using folder = await makeDataFolder();
    const server = await startServerProcess(folder.path, { GIONG_WORKER_MEMORY: '1M' });
    try {
      const { visitor, news, id } = await startJob(server, 2);
      using _ = news;
      expect(await news.ended(id)).toMatchObject({ status: 'done' });
      const replaced = await server.logged('a worker is replaced, for it holds too much memory');
      expect(replaced).toMatchObject({ whose: 'worker', budget: 2 ** 20 });
      const next = await visitor.convert({ source: 'sample-vietnamese', voice: 'sample-1688' });
      expect(await news.ended(next.id)).toMatchObject({ status: 'done' });
      const { replacedWorkers } = await visitor.json<SystemStats>('/api/system/stats');
      expect(replacedWorkers.memory).toBeGreaterThanOrEqual(2);
      expect(await (await visitor.fetch('/metrics')).text()).toMatch(
        /giong_worker_replacements_total\{reason="memory"\} [1-9]/,
      );
    } finally {
      await server.stop();
    }
  });

  test('a stopping server lets the running job end', async () => {
    await using folder = await makeDataFolder();
    const first = await startServerProcess(folder.path, { GIONG_STOP_SECONDS: '100' });
    const { visitor, news, id } = await startJob(first, 10);
    await news.until((message) => message.type === 'progress' && message.id === id);
    news[Symbol.dispose]();
    expect(await first.stop()).toBe(0);
    await first.logged('job done');

    const second = await startServerProcess(folder.path, { GIONG_WORKERS: '0' });
    try {
      expect(await new Visitor(second, 'en', visitor.cookie).job(id)).toMatchObject({ status: 'done' });
    } finally {
      await second.stop();
    }
  });
});
