import { describe, expect, test } from 'bun:test';
import { readdir, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeAudio } from '#core/audio/decode.ts';
import { until } from '../services/until.ts';
import { makeDataFolder, type ServerProcess, startServerProcess } from './server-process.ts';
import { tone, wavOf } from './sounds.ts';
import { Visitor } from './visitor.ts';

/** A visitor whose first conversion runs and whose second one waits. */
async function startTwoJobs(server: ServerProcess) {
  const visitor = new Visitor(server);
  const long = await visitor.upload(wavOf(tone(30)), 'long.wav');
  const news = await visitor.listen();
  const running = await visitor.convert({ source: long.id, voice: 'sample-1688' });
  const waiting = await visitor.convert({ source: 'sample-vietnamese', voice: 'sample-1688' });
  await news.until((message) => message.type === 'progress' && message.id === running.id && message.progress > 0);
  return { visitor, news, running, waiting };
}

/** Sees the jobs to their end on a server that was started anew. */
async function expectBothDone(server: ServerProcess, cookie: string | undefined, ids: readonly string[]) {
  const visitor = new Visitor(server, 'vi', cookie);
  using news = await visitor.listen();
  for (const id of ids) {
    const known = await visitor.job(id);
    const job = known.finishedAt === null ? await news.ended(id) : known;
    expect(job).toMatchObject({ status: 'done', error: null });
    const result = await decodeAudio(await (await visitor.fetch(`/api/jobs/${id}/result`)).bytes());
    expect(result.info.seconds).toBeCloseTo(job.source.seconds, 2);
  }
}

describe('unfinished jobs', () => {
  test('survive SIGKILL of the server: after the restart all end done, and nothing half written stays', async () => {
    await using folder = await makeDataFolder();
    const first = await startServerProcess(folder.path);
    const { visitor, news, running, waiting } = await startTwoJobs(first);
    await first.kill();
    news[Symbol.dispose]();
    const longAgo = new Date(Date.now() - 24 * 3600 * 1000);
    const halfWritten = join(folder.path, 'tmp', 'half-written');
    await Bun.write(halfWritten, 'left by a killed process');
    await utimes(halfWritten, longAgo, longAgo);

    const second = await startServerProcess(folder.path);
    try {
      const back = await second.logged('unfinished jobs are back in line');
      expect(back).toMatchObject({ recovered: 1 });
      await expectBothDone(second, visitor.cookie, [running.id, waiting.id]);
      expect(await readdir(join(folder.path, 'tmp'))).toEqual([]);
    } finally {
      await second.stop();
    }
  });

  test('are handed back when the server stops, which it does with exit code 0', async () => {
    await using folder = await makeDataFolder();
    const first = await startServerProcess(folder.path, { GIONG_STOP_SECONDS: '0' });
    const { visitor, news, running, waiting } = await startTwoJobs(first);
    news[Symbol.dispose]();
    expect(await first.stop()).toBe(0);

    const second = await startServerProcess(folder.path);
    try {
      await expectBothDone(second, visitor.cookie, [running.id, waiting.id]);
    } finally {
      await second.stop();
    }
  });

  test('that the queue has lost are put in again from the database', async () => {
    await using folder = await makeDataFolder();
    const first = await startServerProcess(folder.path, { GIONG_WORKERS: '0' });
    const visitor = new Visitor(first);
    const { id } = await visitor.convert({ source: 'sample-vietnamese', voice: 'sample-1688' });
    await first.stop();
    const { Database } = await import('bun:sqlite');
    const database = new Database(join(folder.path, 'giong.sqlite'));
    expect(database.run('DELETE FROM queue_entries').changes).toBe(1);
    database.close();

    const second = await startServerProcess(folder.path);
    try {
      expect(await second.logged('unfinished jobs are back in line')).toMatchObject({ restored: 1 });
      await expectBothDone(second, visitor.cookie, [id]);
    } finally {
      await second.stop();
    }
  });
});

test('a server that stops tells its proxy so first, and answers what comes until that has turned away', async () => {
  await using folder = await makeDataFolder();
  const server = await startServerProcess(folder.path, { GIONG_DRAIN_SECONDS: '1.5' });
  const visitor = new Visitor(server);
  await visitor.json('/api/session');
  using news = await visitor.listen();
  const stopped = server.stop();
  await until('another answer to the proxy', async () => (await visitor.fetch('/health')).status === 503);
  expect((await visitor.fetch('/api/jobs')).status).toBe(200);
  await expect(news.until(() => false)).rejects.toThrow('1013');
  expect(await stopped).toBe(0);
});
