import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { decodeAudio } from '#core/audio/decode.ts';
import type { Job, JobList, QueueStatus, SampleList, Session, SystemStats, VoiceList } from '#server/http/api-types.ts';
import { makeDataFolder, type ServerProcess, startServerProcess } from './server-process.ts';
import { hum, meanSquare, medianPitch, sampleFile, tone, wavOf } from './sounds.ts';
import { problemOf, Visitor } from './visitor.ts';

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

async function newVisitor(language = 'vi'): Promise<Visitor> {
  const visitor = new Visitor(server, language);
  await visitor.json<Session>('/api/session');
  return visitor;
}

async function soundOf(response: Response) {
  return decodeAudio(new Uint8Array(await response.arrayBuffer()));
}

describe('a conversion from upload to result', () => {
  test('tells its progress, and gives the same words in the other voice', async () => {
    const visitor = await newVisitor();
    using news = await visitor.listen();

    const upload = await visitor.upload(sampleFile('recordings/english.flac'), 'Lời chào.flac');
    expect(upload).toMatchObject({ name: 'Lời chào.flac', format: 'flac' });
    expect(upload.seconds).toBeCloseTo(9.29, 1);

    const created = await visitor.convert({ source: upload.id, voice: 'sample-2033' });
    expect(created.status).toBeOneOf(['queued', 'active']);
    const job = await news.ended(created.id);
    expect(job).toMatchObject({ status: 'done', progress: 1, error: null, etaSeconds: null });
    expect(job.result).toMatchObject({ name: 'Lời chào - Giọng nam 2.wav', format: 'wav', sampleRate: 16000 });
    expect(await visitor.job(created.id)).toEqual(job);

    const progress = news.messages.flatMap((message) => (message.type === 'progress' ? [message.progress] : []));
    expect(progress.length).toBeGreaterThan(1);
    expect(progress).toEqual(progress.toSorted((a, b) => a - b));
    const statuses = news.messages.flatMap((message) => (message.type === 'job' ? [message.job.status] : []));
    expect(statuses).toContain('active');
    expect(statuses.at(-1)).toBe('done');

    const response = await visitor.fetch(`/api/jobs/${created.id}/result`);
    expect(response.headers.get('content-type')).toBe('audio/wav');
    expect(response.headers.get('content-disposition')).toBe(
      `attachment; filename="Loi chao - Giong nam 2.wav"; filename*=UTF-8''L%E1%BB%9Di%20ch%C3%A0o%20-%20Gi%E1%BB%8Dng%20nam%202.wav`,
    );
    const source = await decodeAudio(await sampleFile('recordings/english.flac').bytes());
    const target = await decodeAudio(await sampleFile('voices/2033.flac').bytes());
    const result = await soundOf(response);
    expect(result.info.seconds).toBeCloseTo(source.info.seconds, 2);
    const loudnessDecibels = 10 * Math.log10(meanSquare(result.audio) / meanSquare(source.audio));
    expect(Math.abs(loudnessDecibels)).toBeLessThan(3);
    const [sourcePitch, targetPitch, resultPitch] = [source, target, result].map(({ audio }) => medianPitch(audio));
    const semitones = (a = 0, b = 0) => Math.abs(12 * Math.log2(a / b));
    expect(semitones(sourcePitch, targetPitch)).toBeGreaterThan(5);
    expect(semitones(resultPitch, targetPitch)).toBeLessThan(2);
  });

  test('the file says what made it', async () => {
    const visitor = await newVisitor();
    using news = await visitor.listen();
    const { id } = await visitor.convert({ source: 'sample-vietnamese', voice: 'sample-3080' });
    await news.ended(id);
    const text = await (await visitor.fetch(`/api/jobs/${id}/result`)).text();
    expect(text).toContain('engine=mini');
    expect(text).toContain(`job=${id}`);
  });

  test('takes the files themselves in one request, with options as fields', async () => {
    const visitor = await newVisitor('en');
    using news = await visitor.listen();
    const form = new FormData();
    form.append('source', new File([wavOf(tone(1.5), 16000)], 'tone.wav'));
    form.append('reference', new File([await sampleFile('voices/2033.flac').arrayBuffer()], 'man.flac'));
    form.append('strength', '0.5');
    form.append('pitch', '-3');
    form.append('format', 'flac');
    form.append('sampleRate', '22050');
    const response = await visitor.fetch('/api/convert', { method: 'POST', body: form });
    expect(response.status).toBe(202);
    const { id } = (await response.json()) as Job;
    expect(response.headers.get('location')).toBe(`/api/jobs/${id}`);
    const job = await news.ended(id);
    expect(job).toMatchObject({
      status: 'done',
      voice: { name: 'man.flac' },
      options: { strength: 0.5, pitch: -3, format: 'flac', sampleRate: 22050 },
      result: { name: 'tone - man.flac', format: 'flac', sampleRate: 22050 },
    });
    const { info } = await soundOf(await visitor.fetch(`/api/jobs/${id}/result`));
    expect(info).toMatchObject({ format: 'flac', sampleRate: 22050 });
    expect(info.seconds).toBeCloseTo(1.5, 2);
  });

  test('the same request gives the same bytes, and MP3 comes out as MP3', async () => {
    const request = { source: 'sample-vietnamese', voice: 'sample-3331', format: 'mp3', seed: 7 } as const;
    const results: Uint8Array[] = [];
    for (const visitor of [await newVisitor(), await newVisitor()]) {
      using news = await visitor.listen();
      const { id } = await visitor.convert({ ...request });
      await news.ended(id);
      const response = await visitor.fetch(`/api/jobs/${id}/result`);
      expect(response.headers.get('content-type')).toBe('audio/mpeg');
      results.push(await response.bytes());
    }
    const [first, second] = results.map((bytes) => decodeAudio(bytes));
    expect((await first)?.info.format).toBe('mp3');
    expect((await first)?.audio.samples).toEqual((await second)?.audio.samples ?? new Float32Array());
  });

  test('asked for again, it is there at once and says so; anything else, or anyone else, is converted anew', async () => {
    const visitor = await newVisitor();
    using news = await visitor.listen();
    const first = await visitor.upload(sampleFile('recordings/vietnamese.flac'), 'one.flac');
    const request = { source: first.id, voice: 'sample-3080' };
    const original = await visitor.convert(request);
    expect((await news.ended(original.id)).cached).toBeUndefined();
    const bytes = await (await visitor.fetch(`/api/jobs/${original.id}/result`)).bytes();

    const second = await visitor.upload(sampleFile('recordings/vietnamese.flac'), 'two.flac');
    const again = await visitor.convert({ ...request, source: second.id });
    expect(again).toMatchObject({ status: 'done', cached: true });
    expect(again.id).not.toBe(original.id);
    const job = await news.ended(again.id);
    expect(job).toMatchObject({ status: 'done', cached: true, result: { name: 'two - Giọng nữ 1.wav' } });
    expect(await visitor.job(again.id)).toEqual(job);
    expect(await (await visitor.fetch(`/api/jobs/${again.id}/result`)).bytes()).toEqual(bytes);

    const other = await newVisitor();
    const theirs = await other.upload(sampleFile('recordings/vietnamese.flac'), 'one.flac');
    const anew = [
      await visitor.convert({ ...request, strength: 0.9 }),
      await other.convert({ ...request, source: theirs.id }),
    ];
    for (const created of anew) expect(created.cached).toBeUndefined();
  });

  test('parts of the result can be had', async () => {
    const visitor = await newVisitor();
    using news = await visitor.listen();
    const { id } = await visitor.convert({ source: 'sample-vietnamese', voice: 'sample-3080' });
    const job = await news.ended(id);
    const path = `/api/jobs/${id}/result`;
    const whole = await (await visitor.fetch(path)).bytes();
    expect(whole.length).toBe(job.result?.bytes ?? 0);

    const part = await visitor.fetch(path, { headers: { Range: 'bytes=1000-1999' } });
    expect(part.status).toBe(206);
    expect(part.headers.get('content-range')).toBe(`bytes 1000-1999/${whole.length}`);
    expect(part.headers.get('content-length')).toBe('1000');
    expect(await part.bytes()).toEqual(whole.slice(1000, 2000));

    const beyond = await visitor.fetch(path, { headers: { Range: `bytes=${whole.length}-` } });
    expect(beyond.status).toBe(416);
    const head = await visitor.fetch(path, { method: 'HEAD' });
    expect(head.headers.get('content-length')).toBe(String(whole.length));
    const etag = head.headers.get('etag') ?? '';
    expect((await visitor.fetch(path, { headers: { 'If-None-Match': etag } })).status).toBe(304);
  });
});

describe('cancelling', () => {
  test('a running conversion ends, its worker takes the next one at once', async () => {
    const visitor = await newVisitor();
    using news = await visitor.listen();
    const long = await visitor.upload(wavOf(tone(300)), 'long.wav');
    const { id } = await visitor.convert({ source: long.id, voice: 'sample-1688' });
    const waiting = await visitor.convert({ source: long.id, voice: 'sample-1688' });
    await news.until((message) => message.type === 'progress' && message.id === id);

    const stopped: Job = await visitor.json(`/api/jobs/${waiting.id}`, { method: 'DELETE' });
    expect(stopped).toMatchObject({ status: 'cancelled', startedAt: null, etaSeconds: null });
    expect(await visitor.json<Job>(`/api/jobs/${id}`, { method: 'DELETE' })).toMatchObject({ status: 'cancelled' });
    expect((await news.ended(id)).finishedAt).not.toBeNull();

    const next = await visitor.convert({ source: 'sample-vietnamese', voice: 'sample-1688' });
    expect((await news.ended(next.id)).status).toBe('done');

    const end = news.messages.findIndex(
      (message) => message.type === 'job' && message.job.id === id && message.job.status === 'cancelled',
    );
    const later = news.messages.slice(end).filter((message) => message.type === 'progress' && message.id === id);
    expect(later).toEqual([]);

    const again: Job = await visitor.json(`/api/jobs/${id}`, { method: 'DELETE' });
    expect(again.status).toBe('cancelled');
    expect((await problemOf(await visitor.fetch(`/api/jobs/${id}/result`))).code).toBe('not-found');
  });

  test('a finished job stays done', async () => {
    const visitor = await newVisitor();
    using news = await visitor.listen();
    const { id } = await visitor.convert({ source: 'sample-vietnamese', voice: 'sample-1688' });
    await news.ended(id);
    expect(await visitor.json<Job>(`/api/jobs/${id}`, { method: 'DELETE' })).toMatchObject({ status: 'done' });
  });
});

describe('failing', () => {
  test('a reference without speech fails the job, in the words of whoever asks', async () => {
    const visitor = await newVisitor('vi');
    using news = await visitor.listen();
    const faint = await visitor.upload(wavOf(hum(2)), 'hum.wav');
    const { id } = await visitor.convert({ source: 'sample-vietnamese', reference: faint.id });
    const job = await news.ended(id);
    expect(job).toMatchObject({ status: 'failed', result: null, error: { code: 'reference-no-speech' } });
    const inEnglish: Job = await new Visitor(server, 'en', visitor.cookie).job(id);
    expect(inEnglish.error?.title).toBe('No speech was found in the sample recording');
    expect(job.error?.title).not.toBe(inEnglish.error?.title as string);
  });
});

describe('what the server offers', () => {
  test('voices and samples, in the language asked for, with their sound', async () => {
    const { voices }: VoiceList = await new Visitor(server, 'en').json('/api/voices');
    expect(voices).toContainEqual({
      id: 'sample-1688',
      name: 'Male voice 1',
      language: 'en',
      sample: true,
      previewUrl: '/api/samples/sample-1688/audio',
      speechSeconds: null,
      quality: null,
      engines: null,
      consentedAt: null,
      createdAt: null,
    });
    const { samples }: SampleList = await new Visitor(server).json('/api/samples');
    expect(samples.map(({ id, name }) => [id, name])).toContainEqual(['sample-vietnamese', 'Câu tiếng Việt']);
    for (const url of [voices[0]?.previewUrl ?? '', samples[0]?.url ?? '']) {
      const { info } = await soundOf(await new Visitor(server).fetch(url));
      expect(info.seconds).toBeGreaterThan(1);
    }
  });

  test('the paths that older clients know', async () => {
    const visitor = await newVisitor();
    using news = await visitor.listen();
    const { id } = await visitor.convert({ source: 'sample-vietnamese', voice: 'sample-1688' });
    const job = await news.ended(id);
    expect(await visitor.json<Job>(`/api/convert/${id}/status`)).toEqual(job);
    expect(await visitor.json<Job>(`/api/convert/${id}`, { method: 'DELETE' })).toEqual(job);
    const result = await visitor.fetch(`/api/convert/${id}/result`);
    expect(result.headers.get('content-type')).toBe('audio/wav');
    expect((await result.bytes()).length).toBe(job.result?.bytes ?? 0);
  });

  test('the list of jobs, newest first', async () => {
    const visitor = await newVisitor();
    using news = await visitor.listen();
    const first = await visitor.convert({ source: 'sample-vietnamese', voice: 'sample-1688' });
    const second = await visitor.convert({ source: 'sample-vietnamese', voice: 'sample-1688' });
    await news.ended(first.id);
    await news.ended(second.id);
    const { jobs }: JobList = await visitor.json('/api/jobs');
    expect(jobs.map((job) => job.id)).toEqual([second.id, first.id]);
  });

  test('health, readiness, queue and system', async () => {
    await server.logged('workers ready');
    const visitor = new Visitor(server);
    expect(await visitor.json<unknown>('/health')).toEqual({ status: 'ok' });
    expect(await visitor.json<unknown>('/ready')).toEqual({
      status: 'ready',
      checks: { database: true, queue: true, files: true, workers: true },
    });
    const queue: QueueStatus = await visitor.json('/api/queue/status');
    expect(queue).toMatchObject({ queued: 0, active: 0, workers: 1, waitingSeconds: 0, etaSeconds: 0 });
    const stats: SystemStats = await visitor.json('/api/system/stats');
    expect(stats.workers).toEqual({ total: 1, busy: 0 });
    expect(stats.jobs.done).toBeGreaterThan(0);
    expect(stats.memory.processBytes).toBeGreaterThan(0);
  });

  test('a description of the API that names every route', async () => {
    const { paths }: { paths: Record<string, object> } = await new Visitor(server).json('/api/openapi.json');
    const routes = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method} ${path}`),
    );
    expect(routes.toSorted()).toEqual([
      'delete /api/admin/keys/{id}',
      'delete /api/batches/{id}',
      'delete /api/convert/{id}',
      'delete /api/jobs/{id}',
      'delete /api/keys/{id}',
      'delete /api/queue',
      'delete /api/session',
      'delete /api/system/scale',
      'delete /api/uploads/resumable/{id}',
      'delete /api/uploads/{id}',
      'delete /api/voices/{id}',
      'delete /api/workspace',
      'get /api/admin/keys',
      'get /api/batches',
      'get /api/batches/{id}',
      'get /api/batches/{id}/result',
      'get /api/convert/{id}/result',
      'get /api/convert/{id}/status',
      'get /api/engines',
      'get /api/jobs',
      'get /api/jobs/{id}',
      'get /api/jobs/{id}/result',
      'get /api/keys',
      'get /api/models',
      'get /api/queue/status',
      'get /api/samples',
      'get /api/samples/{id}/audio',
      'get /api/session',
      'get /api/system/stats',
      'get /api/uploads',
      'get /api/uploads/resumable/{id}',
      'get /api/uploads/{id}/audio',
      'get /api/voices',
      'get /api/voices/{id}',
      'get /api/voices/{id}/export',
      'get /api/webhooks/deliveries',
      'get /api/webhooks/secret',
      'get /api/workspace',
      'get /health',
      'get /metrics',
      'get /ready',
      'get /ws',
      'patch /api/uploads/resumable/{id}',
      'patch /api/voices/{id}',
      'post /api/admin/keys',
      'post /api/batches',
      'post /api/clone',
      'post /api/convert',
      'post /api/extract-speaker',
      'post /api/keys',
      'post /api/models/{id}/download',
      'post /api/system/scale',
      'post /api/uploads',
      'post /api/uploads/resumable',
      'post /api/voices',
      'post /api/voices/import',
    ]);
  });
});
