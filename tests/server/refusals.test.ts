import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Job, JobList, Problem, UploadList } from '#server/http/api-types.ts';
import { makeDataFolder, type ServerProcess, startServerProcess } from './server-process.ts';
import { sampleFile, tone, wavOf } from './sounds.ts';
import { problemOf, Visitor } from './visitor.ts';

const maxUploadBytes = 2_000_000;

let folder: Awaited<ReturnType<typeof makeDataFolder>>;
let server: ServerProcess;
beforeAll(async () => {
  folder = await makeDataFolder();
  server = await startServerProcess(folder.path, {
    GIONG_MAX_UPLOAD_BYTES: String(maxUploadBytes),
    GIONG_MAX_AUDIO_SECONDS: '60',
  });
});
afterAll(async () => {
  await server.stop();
  await folder[Symbol.asyncDispose]();
});

/** Names of all files that the server keeps of uploads and results. */
async function keptFiles(): Promise<string[]> {
  const entries = await readdir(folder.path, { recursive: true, withFileTypes: true });
  const kept = entries.filter((entry) => entry.isFile() && !entry.name.startsWith('giong.'));
  return kept.map((entry) => entry.name).toSorted();
}

describe('a bad recording', () => {
  const notFinite = tone(1);
  notFinite[100] = Number.NaN;
  const flac = sampleFile('recordings/english.flac');

  const bad: [string, () => Promise<Blob | Uint8Array<ArrayBuffer>>, number, Problem['code']][] = [
    ['an empty file', async () => new Blob([]), 422, 'audio-empty'],
    [
      'text named .wav',
      async () => new Blob(['this is no sound, whatever its name says']),
      415,
      'audio-format-unknown',
    ],
    ['half a FLAC', async () => flac.slice(0, 60_000), 422, 'audio-corrupt'],
    ['one sample', async () => wavOf(Float32Array.of(0.5)), 422, 'audio-too-short'],
    ['silence', async () => wavOf(new Float32Array(16_000)), 422, 'audio-silent'],
    ['a NaN within', async () => wavOf(notFinite), 422, 'audio-not-finite'],
    ['more than a minute', async () => wavOf(tone(61, 8000), 8000), 422, 'audio-too-long'],
    ['more bytes than allowed', async () => new Blob([new Uint8Array(maxUploadBytes + 1)]), 413, 'audio-too-large'],
  ];

  test.each(bad)('%s is refused, and leaves nothing', async (_, content, status, code) => {
    const before = await keptFiles();
    const titles = new Set<string>();
    for (const language of ['vi', 'en']) {
      const visitor = new Visitor(server, language);
      const response = await visitor.tryUpload(await content(), 'bài hát.wav');
      expect(response.status).toBe(status);
      const problem = await problemOf(response);
      expect(problem).toMatchObject({ type: `urn:giong:problem:${code}`, status, code });
      expect(problem.detail).not.toBe('');
      titles.add(problem.title);
      expect(await visitor.json<UploadList>('/api/uploads')).toEqual({ uploads: [] });
    }
    expect(titles.size).toBe(2);
    expect(await keptFiles()).toEqual(before);
  });

  test('one that says beforehand that it is too large need not arrive', async () => {
    const visitor = new Visitor(server);
    const response = await visitor.tryUpload(new Blob([new Uint8Array(maxUploadBytes + 200_000)]), 'huge.wav');
    expect((await problemOf(response)).code).toBe('audio-too-large');
  });

  test('one of two in a form: neither is kept', async () => {
    const visitor = new Visitor(server);
    const form = new FormData();
    form.append('source', new File([await flac.arrayBuffer()], 'good.flac'));
    form.append('reference', new File(['bad'], 'bad.wav'));
    const before = await keptFiles();
    const response = await visitor.fetch('/api/convert', { method: 'POST', body: form });
    expect((await problemOf(response)).code).toBe('audio-format-unknown');
    expect(await visitor.json<UploadList>('/api/uploads')).toEqual({ uploads: [] });
    expect(await keptFiles()).toEqual(before);
  });

  test('good files with a bad option: neither is kept', async () => {
    const visitor = new Visitor(server);
    const form = new FormData();
    form.append('source', new File([await flac.arrayBuffer()], 'good.flac'));
    form.append('voice', 'sample-1688');
    form.append('strength', 'very');
    const before = await keptFiles();
    const response = await visitor.fetch('/api/convert', { method: 'POST', body: form });
    expect(await problemOf(response)).toMatchObject({
      code: 'request-invalid',
      detail: expect.stringMatching(/^strength: /),
    });
    expect(await keptFiles()).toEqual(before);
  });

  test('the worker is alive after all this', async () => {
    const upload = await new Visitor(server).upload(sampleFile('recordings/vietnamese.flac'), 'fine.flac');
    expect(upload.format).toBe('flac');
  });
});

describe('a bad request', () => {
  const good = { source: 'sample-english', voice: 'sample-1688' };

  test.each([
    ['an unknown field', { ...good, colour: 'red' }, 'request-invalid', 'colour'],
    ['a strength beyond 1', { ...good, strength: 1.5 }, 'request-invalid', 'strength: '],
    ['a pitch in words', { ...good, pitch: 'high' }, 'request-invalid', 'pitch: '],
    ['a format that is not offered', { ...good, format: 'wma' }, 'request-invalid', 'format: '],
    ['a rate beyond 48 kHz', { ...good, sampleRate: 96_000 }, 'request-invalid', 'sampleRate: '],
    ['no source', { voice: 'sample-1688' }, 'request-invalid', 'source: '],
    ['no voice', { source: 'sample-english' }, 'request-invalid', 'voice: exactly one'],
    ['both voice and reference', { ...good, reference: 'sample-english' }, 'request-invalid', 'voice: exactly one'],
    ['a list', [good], 'request-invalid', ''],
    ['an unknown engine', { ...good, engine: 'telepathy' }, 'engine-unknown', ''],
  ] as const)('%s is refused, and says where', async (_, body, code, detail) => {
    const response = await new Visitor(server, 'en').post('/api/convert', body);
    expect(response.status).toBe(400);
    const problem = await problemOf(response);
    expect(problem.code).toBe(code);
    expect(problem.detail).toContain(detail);
  });

  test.each(['', '{', 'null', '"text"'])('a body %p is refused', async (body) => {
    const headers = { 'Content-Type': 'application/json' };
    const response = await new Visitor(server).fetch('/api/convert', { method: 'POST', headers, body });
    expect(response.status).toBe(400);
    expect((await problemOf(response)).code).toBe('request-invalid');
  });

  test('details come in Vietnamese too', async () => {
    const { voice: _, ...incomplete } = good;
    const problem = await problemOf(await new Visitor(server, 'vi').post('/api/convert', incomplete));
    expect(problem.title).toBe('Yêu cầu không hợp lệ');
    expect(problem.detail).toContain('cần đúng một trong hai');
  });

  test.each([
    ['GET', '/api/jobs/j_none'],
    ['DELETE', '/api/jobs/j_none'],
    ['GET', '/api/jobs/j_none/result'],
    ['GET', '/api/jobs/..%2f..%2fgiong.sqlite/result'],
    ['GET', '/api/samples/none/audio'],
    ['GET', '/api/samples/..%2fmanifest.json/audio'],
    ['GET', '/api/nowhere'],
    ['POST', '/api/jobs'],
    ['GET', '/nowhere.js'],
    ['GET', '/models/train/train.py'],
    ['GET', '/models/..%2fpackage.json'],
    ['GET', '/kernels/none.wasm'],
  ])('%s %s is not found', async (method, path) => {
    const visitor = new Visitor(server, 'en');
    await visitor.fetch('/api/session');
    const response = await visitor.fetch(path, { method });
    expect(response.status).toBe(404);
    expect(await problemOf(response)).toMatchObject({ code: 'not-found', title: 'This was not found' });
  });

  test.each([
    ['an upload as source', { source: 'u_none', voice: 'sample-1688' }],
    ['an upload as reference', { source: 'sample-english', reference: 'u_none' }],
    ['a voice', { source: 'sample-english', voice: 'none' }],
  ])('%s that does not exist is not found', async (_, body) => {
    const response = await new Visitor(server).post('/api/convert', body);
    expect(response.status).toBe(404);
    expect((await problemOf(response)).code).toBe('not-found');
  });

  test('a form without a file, or with a stray field, is refused', async () => {
    for (const name of ['file', 'other']) {
      const form = new FormData();
      form.append(name, 'only text');
      const response = await new Visitor(server).fetch('/api/uploads', { method: 'POST', body: form });
      expect((await problemOf(response)).code).toBe('request-invalid');
    }
  });
});

describe('another visitor', () => {
  test('finds nothing of what is not theirs, on any route', async () => {
    const owner = new Visitor(server);
    const upload = await owner.upload(sampleFile('recordings/vietnamese.flac'), 'secret name.flac');
    using news = await owner.listen();
    const { id } = await owner.convert({ source: upload.id, voice: 'sample-1688' });

    const stranger = new Visitor(server);
    await stranger.fetch('/api/session');
    using strangersNews = await stranger.listen();
    await news.ended(id);

    for (const visitor of [stranger, new Visitor(server)]) {
      for (const [method, path] of [
        ['GET', `/api/jobs/${id}`],
        ['GET', `/api/jobs/${id}/result`],
        ['DELETE', `/api/jobs/${id}`],
        ['GET', `/api/convert/${id}/status`],
        ['GET', `/api/convert/${id}/result`],
        ['DELETE', `/api/convert/${id}`],
      ] as const) {
        const response = await visitor.fetch(path, { method });
        expect(response.status).toBe(404);
        expect(await response.text()).not.toContain('secret');
      }
      expect(await visitor.json<JobList>('/api/jobs')).toEqual({ jobs: [] });
      expect(await visitor.json<UploadList>('/api/uploads')).toEqual({ uploads: [] });
    }
    for (const body of [
      { source: upload.id, voice: 'sample-1688' },
      { source: 'sample-english', reference: upload.id },
    ]) {
      expect((await stranger.post('/api/convert', body)).status).toBe(404);
    }

    // Their own job comes after the owner's in every line, so silence until then is no accident.
    const own = await stranger.convert({ source: 'sample-vietnamese', voice: 'sample-1688' });
    await strangersNews.ended(own.id);
    expect(JSON.stringify(strangersNews.messages)).not.toContain(id);
    expect((await owner.json<Job>(`/api/jobs/${id}`)).status).toBe('done');
  });

  test('with a made-up cookie has no workspace', async () => {
    const visitor = new Visitor(server, 'vi', 'giong_session=made-up');
    expect(await visitor.json<JobList>('/api/jobs')).toEqual({ jobs: [] });
    await visitor.fetch('/api/session');
    expect(visitor.cookie).not.toBe('giong_session=made-up');
  });
});

describe('another site', () => {
  const attack = { Origin: 'https://evil.example' };

  test('can change nothing with a visitor’s cookie', async () => {
    const visitor = new Visitor(server);
    await visitor.fetch('/api/session');
    const init = { method: 'POST', body: '{}' };
    for (const headers of [attack, { Origin: 'null' }, { 'Sec-Fetch-Site': 'cross-site' }]) {
      const response = await visitor.fetch('/api/convert', { ...init, headers });
      expect(response.status).toBe(403);
      expect((await problemOf(response)).code).toBe('forbidden');
    }
    const own = await visitor.fetch('/api/convert', { ...init, headers: { Origin: server.url } });
    expect(own.status).toBe(400);
  });

  test('can’t listen in; nor can a visitor without a session', async () => {
    const upgrade = {
      Connection: 'Upgrade',
      Upgrade: 'websocket',
      'Sec-WebSocket-Version': '13',
      'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
    };
    const visitor = new Visitor(server);
    const unknown = await visitor.fetch('/ws', { headers: upgrade });
    expect(await problemOf(unknown)).toMatchObject({ status: 401, code: 'unauthorized' });
    await visitor.fetch('/api/session');
    const foreign = await visitor.fetch('/ws', { headers: { ...upgrade, ...attack } });
    expect(await problemOf(foreign)).toMatchObject({ status: 403, code: 'forbidden' });
    expect((await visitor.fetch('/ws')).status).toBe(426);
  });
});

describe('every answer', () => {
  test.each(['/health', '/api/voices', '/api/nowhere', '/api/samples/sample-1688/audio', '/'])(
    'of %s carries the security headers',
    async (path) => {
      const { headers } = await new Visitor(server).fetch(path);
      expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
      expect(headers.get('cross-origin-embedder-policy')).toBe('require-corp');
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('x-frame-options')).toBe('DENY');
      const policy = headers.get('content-security-policy') ?? '';
      for (const rule of [
        "script-src 'self' 'wasm-unsafe-eval'",
        "worker-src 'self' blob:",
        "media-src 'self' blob:",
      ]) {
        expect(policy).toContain(rule);
      }
      expect(headers.get('x-request-id')).not.toBeNull();
      expect(headers.get('cache-control')).not.toBeNull();
    },
  );

  test('the session cookie is out of reach of scripts', async () => {
    const response = await fetch(`${server.url}/api/session`);
    const cookie = response.headers.get('set-cookie') ?? '';
    for (const part of ['HttpOnly', 'SameSite=Lax', 'Path=/']) expect(cookie).toContain(part);
    expect(cookie).not.toContain('Secure');
    const behindTls = await fetch(`${server.url}/api/session`, { headers: { 'X-Forwarded-Proto': 'https' } });
    // Without a proxy of ours anybody may say so (access.test.ts has the other case).
    expect(behindTls.headers.get('set-cookie')).not.toContain('Secure');
  });

  test('models and kernels are served to browsers that convert by themselves', async () => {
    const visitor = new Visitor(server);
    const model = await visitor.fetch('/models/mini/encoder.onnx');
    const file = Bun.file(join(import.meta.dir, '../../models/mini/encoder.onnx'));
    expect((await model.bytes()).length).toBe(file.size);
    const kernels = await visitor.fetch('/kernels/kernels.simd.wasm');
    expect(kernels.headers.get('content-type')).toBe('application/wasm');
    const etag = kernels.headers.get('etag') ?? '';
    const again = await visitor.fetch('/kernels/kernels.simd.wasm', { headers: { 'If-None-Match': etag } });
    expect(again.status).toBe(304);
  });

  test('a word from a client closes its socket', async () => {
    const visitor = new Visitor(server);
    await visitor.fetch('/api/session');
    using news = await visitor.listen();
    news.send('hello?');
    await expect(news.until(() => false)).rejects.toThrow('1008');
  });
});
