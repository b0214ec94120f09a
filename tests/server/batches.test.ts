import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { join } from 'node:path';
import { decodeAudio } from '#core/audio/decode.ts';
import type { Batch, BatchCreated, BatchList, BatchRequest, JobList } from '#server/http/api-types.ts';
import { makeDataFolder, type ServerProcess, startServerProcess } from './server-process.ts';
import { sampleFile, tone, wavOf } from './sounds.ts';
import { type LiveNews, problemOf, Visitor } from './visitor.ts';

let folder: Awaited<ReturnType<typeof makeDataFolder>>;
let server: ServerProcess;
beforeAll(async () => {
  folder = await makeDataFolder();
  server = await startServerProcess(folder.path);
});
afterAll(async () => {
  await server.stop();
  await folder[Symbol.asyncDispose]();
});

async function submit(visitor: Visitor, request: BatchRequest): Promise<BatchCreated> {
  const response = await visitor.post('/api/batches', request);
  if (response.status !== 202) throw new Error(`batch: ${response.status} ${await response.text()}`);
  return (await response.json()) as BatchCreated;
}

async function allEnded(news: LiveNews, { jobs }: BatchCreated) {
  return Promise.all(jobs.map(({ id }) => news.ended(id)));
}

/** The files of a ZIP by name, read by Python. */
async function unzip(response: Response): Promise<Record<string, Uint8Array>> {
  const path = join(folder.path, `${crypto.randomUUID()}.zip`);
  await Bun.write(path, await response.bytes());
  const read =
    'import sys,zipfile,json,base64; z=zipfile.ZipFile(sys.argv[1]); ' +
    'print(json.dumps({n: base64.b64encode(z.read(n)).decode() for n in z.namelist()}))';
  const { stdout } = Bun.spawnSync(['python3', '-c', read, path]);
  await Bun.file(path).delete();
  const entries = Object.entries<string>(JSON.parse(stdout.toString()));
  return Object.fromEntries(entries.map(([name, content]) => [name, new Uint8Array(Buffer.from(content, 'base64'))]));
}

describe('a batch', () => {
  test('goes through as one: one progress, live news of its jobs, one ZIP', async () => {
    const visitor = new Visitor(server);
    const hello = await visitor.upload(sampleFile('recordings/vietnamese.flac'), 'Lời chào.flac');
    const same = await visitor.upload(wavOf(tone(2)), 'Lời chào.wav');
    using news = await visitor.listen();
    const created = await submit(visitor, {
      sources: [hello.id, same.id, 'sample-english'],
      voice: 'sample-2033',
      name: 'Truyện đêm',
      format: 'flac',
    });
    expect(created.jobs).toHaveLength(3);

    const jobs = await allEnded(news, created);
    expect(jobs.map((job) => job.batchId)).toEqual([created.id, created.id, created.id]);
    const batch = await visitor.json<Batch>(`/api/batches/${created.id}`);
    expect(batch).toMatchObject({
      name: 'Truyện đêm',
      status: 'done',
      progress: 1,
      etaSeconds: null,
      voice: { id: 'sample-2033', name: 'Giọng nam 2' },
      counts: { queued: 0, active: 0, done: 3, failed: 0, cancelled: 0 },
    });
    expect(batch.jobs).toEqual(jobs);
    const { jobs: _, ...summary } = batch;
    expect(await visitor.json<BatchList>('/api/batches')).toEqual({ batches: [summary] });

    const response = await visitor.fetch(batch.resultUrl ?? '');
    expect(response.headers.get('content-type')).toBe('application/zip');
    expect(response.headers.get('content-disposition')).toContain(
      "filename*=UTF-8''Truy%E1%BB%87n%20%C4%91%C3%AAm.zip",
    );
    const files = await unzip(response);
    expect(Object.keys(files)).toEqual([
      'Lời chào - Giọng nam 2.flac',
      'Lời chào - Giọng nam 2 (2).flac',
      expect.stringMatching(/ - Giọng nam 2\.flac$/),
    ]);
    for (const [index, content] of Object.values(files).entries()) {
      expect((await decodeAudio(content)).info.seconds).toBeCloseTo(jobs[index]?.source.seconds ?? 0, 2);
    }
  }, 30_000);

  test('of files in one form, with its reference', async () => {
    const visitor = new Visitor(server);
    await visitor.fetch('/api/session');
    using news = await visitor.listen();
    const form = new FormData();
    form.append('sources', new File([wavOf(tone(1))], 'một.wav'));
    form.append('sources', new File([wavOf(tone(1.5))], 'hai.wav'));
    form.append('reference', new File([await sampleFile('voices/2033.flac').arrayBuffer()], 'mẫu.flac'));
    form.append('strength', '0.5');
    form.append('name', '007');
    const response = await visitor.fetch('/api/batches', { method: 'POST', body: form });
    expect(response.status).toBe(202);
    const created = (await response.json()) as BatchCreated;
    expect(response.headers.get('location')).toBe(`/api/batches/${created.id}`);
    expect((await visitor.json<Batch>(`/api/batches/${created.id}`)).name).toBe('007');
    const jobs = await allEnded(news, created);
    expect(jobs.map((job) => [job.status, job.source.name, job.voice.name, job.options.strength])).toEqual([
      ['done', 'một.wav', 'mẫu.flac', 0.5],
      ['done', 'hai.wav', 'mẫu.flac', 0.5],
    ]);
  }, 30_000);

  test('that failed in part gives what is done and says what is not; DELETE stops what is unfinished', async () => {
    const visitor = new Visitor(server, 'en');
    const short = await visitor.upload(wavOf(tone(1)), 'short.wav');
    const long = await visitor.upload(wavOf(tone(50)), 'long.wav');
    using news = await visitor.listen();
    const created = await submit(visitor, { sources: [short.id, long.id, 'sample-english'], voice: 'sample-1688' });
    await news.ended(created.jobs[0]?.id ?? '');
    const stopped = await visitor.json<Batch>(`/api/batches/${created.id}`, { method: 'DELETE' });
    expect(stopped).toMatchObject({ status: 'done', progress: 1, counts: { done: 1, cancelled: 2 } });
    await allEnded(news, created);
    expect(await visitor.json<Batch>(`/api/batches/${created.id}`, { method: 'DELETE' })).toEqual(stopped);

    const files = await unzip(await visitor.fetch(`/api/batches/${created.id}/result`));
    expect(Object.keys(files)).toEqual(['short - Male voice 1.wav', 'failures.json']);
    expect(JSON.parse(new TextDecoder().decode(files['failures.json']))).toEqual([
      { source: 'long.wav', job: created.jobs[1]?.id, status: 'cancelled', error: null },
      { source: expect.any(String), job: created.jobs[2]?.id, status: 'cancelled', error: null },
    ]);
  }, 30_000);

  test('of which nothing was done has no result', async () => {
    const visitor = new Visitor(server);
    const long = await visitor.upload(wavOf(tone(50)), 'long.wav');
    const { id } = await submit(visitor, { sources: [long.id], voice: 'sample-1688' });
    const waiting = await visitor.fetch(`/api/batches/${id}/result`);
    expect(await problemOf(waiting)).toMatchObject({ status: 409, code: 'result-not-ready' });
    const stopped = await visitor.json<Batch>(`/api/batches/${id}`, { method: 'DELETE' });
    expect(stopped).toMatchObject({ status: 'cancelled', resultUrl: null });
    expect((await visitor.fetch(`/api/batches/${id}/result`)).status).toBe(409);
  }, 30_000);

  test('is refused as a whole when one source is missing, and leaves no job', async () => {
    const visitor = new Visitor(server);
    const request = { sources: ['sample-english', 'u_none'], voice: 'sample-1688' };
    expect(await problemOf(await visitor.post('/api/batches', request))).toMatchObject({ status: 404 });
    expect(await visitor.json<JobList>('/api/jobs')).toEqual({ jobs: [] });
    expect(await visitor.json<BatchList>('/api/batches')).toEqual({ batches: [] });
  });

  test.each([
    ['without a source', { sources: [], voice: 'sample-1688' }],
    ['with too many', { sources: Array(201).fill('sample-english'), voice: 'sample-1688' }],
    ['without a voice', { sources: ['sample-english'] }],
    ['with a stray field', { sources: ['sample-english'], voice: 'sample-1688', colour: 'red' }],
  ])('%s is refused', async (_, request) => {
    const response = await new Visitor(server).post('/api/batches', request);
    expect(await problemOf(response)).toMatchObject({ status: 400, code: 'request-invalid' });
  });

  test('of somebody else is not there, on any route', async () => {
    const owner = new Visitor(server);
    const { id } = await submit(owner, { sources: ['sample-vietnamese'], voice: 'sample-1688', name: 'secret' });
    const stranger = new Visitor(server);
    await stranger.fetch('/api/session');
    for (const visitor of [stranger, new Visitor(server)]) {
      for (const [method, path] of [
        ['GET', ''],
        ['DELETE', ''],
        ['GET', '/result'],
      ] as const) {
        const response = await visitor.fetch(`/api/batches/${id}${path}`, { method });
        expect(await problemOf(response)).toMatchObject({ status: 404, code: 'not-found' });
      }
      expect(await visitor.json<BatchList>('/api/batches')).toEqual({ batches: [] });
    }
  });
});

describe('priority', () => {
  test('above normal is not for everybody', async () => {
    for (const priority of ['paid', 'admin']) {
      const visitor = new Visitor(server);
      for (const [path, sources] of [
        ['/api/convert', { source: 'sample-english' }],
        ['/api/batches', { sources: ['sample-english'] }],
      ] as const) {
        const response = await visitor.post(path, { ...sources, voice: 'sample-1688', priority });
        expect(await problemOf(response)).toMatchObject({ status: 403, code: 'forbidden' });
      }
    }
  });
});
