import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { readdir } from 'node:fs/promises';
import type { JobList, UploadList, Voice, Workspace } from '#server/http/api-types.ts';
import { until } from '../services/until.ts';
import { makeDataFolder, type ServerProcess, startServerProcess } from './server-process.ts';
import { hasSharedStorage, needsSharedStorage, type SharedStorage, startSharedStorage } from './shared-storage.ts';
import { sampleFile, tone, wavOf } from './sounds.ts';
import { type LiveNews, problemOf, Visitor } from './visitor.ts';

const quota = 4_000_000;
const remove = { method: 'DELETE' };

/** What users do with their storage, on one kind of it. */
function describeStorage(name: string, environmentOf: () => Readonly<Record<string, string>>): void {
  describe(name, () => {
    let folder: Awaited<ReturnType<typeof makeDataFolder>>;
    let server: ServerProcess;
    beforeAll(async () => {
      folder = await makeDataFolder();
      server = await startServerProcess(folder.path, { ...environmentOf(), GIONG_QUOTA_BYTES: String(quota) });
    }, 30_000);
    afterAll(async () => {
      await server.stop();
      await folder[Symbol.asyncDispose]();
    });

    test('a workspace knows what it has stored, and gets room by deleting', async () => {
      const visitor = new Visitor(server);
      using news = await listening(visitor);
      const upload = await visitor.upload(sampleFile('recordings/vietnamese.flac'), 'a.flac');
      const { id } = await visitor.convert({ source: upload.id, voice: 'sample-1688' });
      const { result } = await news.ended(id);
      const full: Workspace = await visitor.json('/api/workspace');
      expect(full).toEqual({
        usedBytes: upload.bytes + (result?.bytes ?? 0),
        quotaBytes: quota,
        keepDays: 30,
        uploads: { count: 1, bytes: upload.bytes },
        voices: { count: 0, bytes: 0 },
        results: { count: 1, bytes: result?.bytes ?? 0 },
      });

      expect((await visitor.fetch(`/api/uploads/${upload.id}`, remove)).status).toBe(204);
      expect((await visitor.json<UploadList>('/api/uploads')).uploads).toEqual([]);
      expect((await problemOf(await visitor.fetch(`/api/uploads/${upload.id}`, remove))).code).toBe('not-found');
      expect((await visitor.fetch(`/api/jobs/${id}/result`)).status).toBe(200);

      expect((await visitor.fetch(`/api/jobs/${id}?purge=true`, remove)).status).toBe(204);
      expect((await visitor.json<JobList>('/api/jobs')).jobs).toEqual([]);
      expect((await problemOf(await visitor.fetch(`/api/jobs/${id}/result`))).code).toBe('not-found');
      expect((await problemOf(await visitor.fetch(`/api/jobs/${id}?purge=true`, remove))).code).toBe('not-found');
      expect(await visitor.json<Workspace>('/api/workspace')).toMatchObject({ usedBytes: 0 });
    });

    test('a saved voice is kept, counted, given out and deleted', async () => {
      const visitor = new Visitor(server);
      const form = voiceForm(await sampleFile('voices/2033.flac').bytes());
      const voice: Voice = await visitor.json('/api/voices', { method: 'POST', body: form });
      const { voices } = await visitor.json<Workspace>('/api/workspace');
      const profile = await (await visitor.fetch(`/api/voices/${voice.id}/export`)).bytes();
      expect(voices).toEqual({ count: 1, bytes: profile.length });
      const head = await visitor.fetch(`/api/voices/${voice.id}/export`, { method: 'HEAD' });
      expect(head.headers.get('content-length')).toBe(String(profile.length));
      expect((await visitor.fetch(`/api/voices/${voice.id}`, remove)).status).toBe(204);
      expect(await visitor.json<Workspace>('/api/workspace')).toMatchObject({ usedBytes: 0 });
    });

    test('one that was never used has nothing, and nobody deletes what is not theirs', async () => {
      const [owner, stranger] = [new Visitor(server), new Visitor(server)];
      expect(await stranger.json<Workspace>('/api/workspace')).toMatchObject({ usedBytes: 0, quotaBytes: quota });
      const upload = await owner.upload(wavOf(tone(1)), 'a.wav');
      const { id } = await owner.convert({ source: 'sample-vietnamese', voice: 'sample-1688' });
      await stranger.json('/api/session');
      for (const path of [`/api/uploads/${upload.id}`, `/api/jobs/${id}?purge=true`]) {
        const problem = await problemOf(await stranger.fetch(path, remove));
        expect(problem).toMatchObject({ status: 404, code: 'not-found' });
      }
      expect((await owner.json<UploadList>('/api/uploads')).uploads).toHaveLength(1);
      expect((await owner.job(id)).id).toBe(id);
    });

    test('what a running job needs stays, and so does the job', async () => {
      const visitor = new Visitor(server);
      using news = await listening(visitor);
      const long = await visitor.upload(wavOf(tone(40)), 'long.wav');
      const { id } = await visitor.convert({ source: long.id, voice: 'sample-1688', format: 'mp3' });
      for (const path of [`/api/uploads/${long.id}`, `/api/jobs/${id}?purge=true`]) {
        expect(await problemOf(await visitor.fetch(path, remove))).toMatchObject({ status: 409, code: 'in-use' });
      }
      expect(await news.ended(id)).toMatchObject({ status: 'done' });
      expect((await visitor.fetch(`/api/uploads/${long.id}`, remove)).status).toBe(204);
    });

    test('a result that two jobs have is deleted with the last', async () => {
      const visitor = new Visitor(server);
      using news = await listening(visitor);
      const request = { source: 'sample-vietnamese', voice: 'sample-2033' };
      const first = await visitor.convert(request);
      await news.ended(first.id);
      const second = await visitor.convert(request);
      expect(second.cached).toBe(true);
      expect((await visitor.fetch(`/api/jobs/${first.id}?purge=true`, remove)).status).toBe(204);
      expect((await visitor.fetch(`/api/jobs/${second.id}/result`)).status).toBe(200);
      expect((await visitor.json<Workspace>('/api/workspace')).results.count).toBe(1);
      expect((await visitor.fetch(`/api/jobs/${second.id}?purge=true`, remove)).status).toBe(204);
      expect((await visitor.json<Workspace>('/api/workspace')).usedBytes).toBe(0);
    });

    test('beyond the quota uploads, conversions and voices are refused, with the used bytes in words', async () => {
      const visitor = new Visitor(server, 'en');
      await visitor.upload(wavOf(tone(60)), 'most.wav');
      const refused = [
        await visitor.tryUpload(wavOf(tone(10)), 'more.wav'),
        await visitor.post('/api/convert', { source: 'sample-vietnamese', voice: 'sample-1688' }),
        await visitor.fetch('/api/voices', { method: 'POST', body: voiceForm(wavOf(tone(10))) }),
      ];
      for (const response of refused) {
        const problem = await problemOf(response);
        expect(problem).toMatchObject({ status: 403, code: 'quota-exceeded' });
        expect(problem.title).toBe('You have used 4 MB of your 4 MB');
      }
      expect((await visitor.json<UploadList>('/api/uploads')).uploads).toHaveLength(1);
    });

    test('a whole workspace goes when its visitor says so', async () => {
      const visitor = new Visitor(server);
      using news = await listening(visitor);
      const upload = await visitor.upload(sampleFile('recordings/vietnamese.flac'), 'a.flac');
      const { id } = await visitor.convert({ source: upload.id, voice: 'sample-1688' });
      await news.ended(id);
      const old = new Visitor(server, 'vi', visitor.cookie);
      expect((await visitor.fetch('/api/workspace', remove)).status).toBe(204);
      await news.until(({ type }) => type === 'cleared');
      expect(await old.json<Workspace>('/api/workspace')).toMatchObject({ usedBytes: 0 });
      expect((await old.json<UploadList>('/api/uploads')).uploads).toEqual([]);
    });

    test('an unknown way to delete is refused', async () => {
      const visitor = new Visitor(server);
      const { id } = await visitor.convert({ source: 'sample-vietnamese', voice: 'sample-1688' });
      expect((await visitor.fetch(`/api/jobs/${id}?purge=perhaps`, remove)).status).toBe(400);
      expect((await visitor.fetch(`/api/jobs/${id}?force=true`, remove)).status).toBe(400);
    });
  });
}

describeStorage('SQLite and a folder', () => ({}));

describe.skipIf(!hasSharedStorage)(`PostgreSQL and S3${needsSharedStorage}`, () => {
  let storage: SharedStorage;
  beforeAll(async () => {
    storage = await startSharedStorage();
  }, 60_000);
  afterAll(() => storage.stop(), 60_000);

  describeStorage('shared', () => storage.environment);

  test('the data folder holds nothing of users: a server with another one goes on with all', async () => {
    await using before = await makeDataFolder();
    const first = await startServerProcess(before.path, storage.environment);
    const visitor = new Visitor(first);
    const news = await listening(visitor);
    const upload = await visitor.upload(wavOf(tone(2)), 'a.wav');
    const { id } = await visitor.convert({ source: upload.id, voice: 'sample-1688' });
    const job = await news.ended(id);
    const result = await (await visitor.fetch(job.result?.url ?? '')).bytes();
    news[Symbol.dispose]();
    await first.stop();
    const kept = await readdir(before.path, { recursive: true });
    expect(kept.filter((path) => !/^(queue\.sqlite.*|giong\.lock)$/.test(path))).toEqual([]);

    await using after = await makeDataFolder();
    const second = await startServerProcess(after.path, storage.environment);
    try {
      const again = new Visitor(second, 'vi', visitor.cookie);
      expect(await again.job(id)).toEqual(job);
      expect(await (await again.fetch(job.result?.url ?? '')).bytes()).toEqual(result);
      const part = await again.fetch(job.result?.url ?? '', { headers: { Range: 'bytes=-100' } });
      expect(part.status).toBe(206);
      expect(await part.bytes()).toEqual(result.slice(-100));
    } finally {
      await second.stop();
    }
  }, 60_000);

  test('a server outlives its PostgreSQL: it says so, and brings its jobs to their end when that is back', async () => {
    await using folder = await makeDataFolder();
    const server = await startServerProcess(folder.path, storage.environment);
    try {
      const visitor = new Visitor(server);
      const news = await listening(visitor);
      const long = await visitor.upload(wavOf(tone(20)), 'long.wav');
      const { id } = await visitor.convert({ source: long.id, voice: 'sample-1688' });
      await news.until((message) => message.type === 'progress' && message.id === id);
      await storage.postgres.service.kill();
      news[Symbol.dispose]();

      const problem = await problemOf(await visitor.fetch(`/api/jobs/${id}`));
      expect(problem).toMatchObject({ status: 503, code: 'storage-unavailable' });
      const ready = await visitor.fetch('/ready');
      expect(ready.status).toBe(503);
      expect(await ready.json()).toMatchObject({ checks: { database: false } });
      expect((await visitor.fetch('/health')).status).toBe(200);
      await server.logged('a job could not be brought to its end; it goes back in line');

      await storage.postgres.service.restart();
      const done = await until('the job to end', async () => {
        const job = await visitor.job(id);
        return job.finishedAt !== null && job;
      });
      expect(done).toMatchObject({ status: 'done', error: null });
      expect((await visitor.fetch(done.result?.url ?? '')).status).toBe(200);
    } finally {
      await server.stop();
    }
  }, 60_000);
});

async function listening(visitor: Visitor): Promise<LiveNews> {
  await visitor.json('/api/session');
  return visitor.listen();
}

function voiceForm(recording: Uint8Array<ArrayBuffer>): FormData {
  const form = new FormData();
  form.append('references', new File([recording], 'a.wav'));
  form.append('name', 'Mai');
  form.append('consent', 'true');
  return form;
}
