import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ResumableUpload, UploadList } from '#server/http/api-types.ts';
import { until } from '../services/until.ts';
import { makeDataFolder, type ServerProcess, startServerProcess } from './server-process.ts';
import { sampleFile, tone, wavOf } from './sounds.ts';
import { problemOf, Visitor } from './visitor.ts';

const collection = '/api/uploads/resumable';
const maxUploadBytes = 30_000_000;
const environment = { GIONG_MAX_UPLOAD_BYTES: String(maxUploadBytes) };

let folder: Awaited<ReturnType<typeof makeDataFolder>>;
let server: ServerProcess;
beforeAll(async () => {
  folder = await makeDataFolder();
  server = await startServerProcess(folder.path, environment);
});
afterAll(async () => {
  await server.stop();
  await folder[Symbol.asyncDispose]();
});

async function tryCreate(visitor: Visitor, length: number | string, name = 'bài hát.wav'): Promise<Response> {
  const headers = {
    'Tus-Resumable': '1.0.0',
    'Upload-Length': String(length),
    'Upload-Metadata': `filename ${Buffer.from(name).toString('base64')},filetype YXVkaW8vd2F2`,
  };
  return visitor.fetch(collection, { method: 'POST', headers });
}

/** The address of a new upload. */
async function create(visitor: Visitor, length: number): Promise<string> {
  const response = await tryCreate(visitor, length);
  expect(response.status).toBe(201);
  return response.headers.get('Location') ?? '';
}

function patch(visitor: Visitor, path: string, offset: number, body: BodyInit): Promise<Response> {
  const headers = {
    'Tus-Resumable': '1.0.0',
    'Content-Type': 'application/offset+octet-stream',
    'Upload-Offset': String(offset),
  };
  return visitor.fetch(path, { method: 'PATCH', headers, body });
}

async function offsetOf(visitor: Visitor, path: string): Promise<number> {
  const response = await visitor.fetch(path, { method: 'HEAD' });
  expect(response.status).toBe(200);
  return Number(response.headers.get('Upload-Offset'));
}

/** A body whose beginning comes at once, and whose rest never does. */
function interrupted(beginning: Uint8Array<ArrayBuffer>): ReadableStream<Uint8Array> {
  return new ReadableStream({ start: (controller) => controller.enqueue(beginning) });
}

async function keptFiles(): Promise<string[]> {
  const entries = await readdir(join(folder.path, 'files'), { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => entry.name)
    .toSorted();
}

describe('an upload in parts', () => {
  test('becomes an upload like any other, under the id that it had from the beginning', async () => {
    const visitor = new Visitor(server);
    const content = await sampleFile('recordings/english.flac').bytes();
    const created = await tryCreate(visitor, content.length);
    const begun = (await created.json()) as ResumableUpload;
    expect(begun).toMatchObject({ name: 'bài hát.wav', bytes: content.length, receivedBytes: 0, upload: null });
    const path = created.headers.get('Location') ?? '';
    expect(path).toBe(`${collection}/${begun.id}`);
    expect(Date.parse(created.headers.get('Upload-Expires') ?? '')).toBeGreaterThan(Date.now() + 23 * 3600 * 1000);

    const [first, second] = [1000, 50_000];
    const answer = await patch(visitor, path, 0, content.slice(0, first));
    expect([answer.status, answer.headers.get('Upload-Offset')]).toEqual([204, String(first)]);
    expect(answer.headers.get('Tus-Resumable')).toBe('1.0.0');
    await patch(visitor, path, first, content.slice(first, second));
    expect(await offsetOf(visitor, path)).toBe(second);
    expect(await visitor.json<UploadList>('/api/uploads')).toEqual({ uploads: [] });

    const last = await patch(visitor, path, second, content.slice(second));
    expect([last.status, last.headers.get('Upload-Offset')]).toEqual([204, String(content.length)]);
    const { uploads } = await visitor.json<UploadList>('/api/uploads');
    expect(uploads).toMatchObject([{ id: begun.id, name: 'bài hát.wav', bytes: content.length, format: 'flac' }]);
    const { upload } = await visitor.json<ResumableUpload>(path);
    expect(upload).toEqual(uploads[0] ?? null);
    expect(await keptFiles()).toEqual([begun.id]);

    using news = await visitor.listen();
    const { id } = await visitor.convert({ source: begun.id, voice: 'sample-1688' });
    expect((await news.ended(id)).status).toBe('done');
  }, 30_000);

  test('goes on where it was when the connection broke', async () => {
    const visitor = new Visitor(server);
    const content = wavOf(tone(2));
    const path = await create(visitor, content.length);
    const broken = new AbortController();
    const headers = { 'Content-Type': 'application/offset+octet-stream', 'Upload-Offset': '0' };
    const body = interrupted(content.slice(0, 70_000));
    const request = visitor.fetch(path, { method: 'PATCH', headers, body, signal: broken.signal });
    // Once it is refused a second writer, the first is at work.
    await until(
      'the first writer is there',
      async () => (await patch(visitor, path, 0, new Uint8Array())).status === 423,
    );
    broken.abort();
    await expect(request).rejects.toThrow();
    const offset = await until('what came is kept', async () => (await offsetOf(visitor, path)) || undefined);
    expect(offset).toBeLessThanOrEqual(70_000);
    expect((await patch(visitor, path, offset, content.slice(offset))).status).toBe(204);
    expect((await visitor.json<ResumableUpload>(path)).upload?.seconds).toBeCloseTo(2, 3);
  });

  test('has one writer at a time, which must go on exactly where it is', async () => {
    const visitor = new Visitor(server);
    const path = await create(visitor, 100_000);
    const body = interrupted(new Uint8Array(10));
    const first = new AbortController();
    const headers = { 'Content-Type': 'application/offset+octet-stream', 'Upload-Offset': '0' };
    const request = visitor.fetch(path, { method: 'PATCH', headers, body, signal: first.signal });
    const refused = await until('a second writer is refused', async () => {
      const response = await patch(visitor, path, 0, new Uint8Array());
      return response.status === 423 && response;
    });
    expect(await problemOf(refused)).toMatchObject({ status: 423, code: 'upload-locked' });
    first.abort();
    await request.catch(() => undefined);

    await until('the first writer is gone', async () => (await offsetOf(visitor, path)) === 10);
    for (const offset of [0, 9, 11]) {
      expect(await problemOf(await patch(visitor, path, offset, 'more'))).toMatchObject({
        status: 409,
        code: 'upload-offset',
        detail: expect.stringContaining('10'),
      });
    }
    expect(await offsetOf(visitor, path)).toBe(10);
  });

  test('that is given up leaves nothing', async () => {
    const visitor = new Visitor(server);
    const before = await keptFiles();
    const path = await create(visitor, 100);
    await patch(visitor, path, 0, new Uint8Array(50));
    expect((await keptFiles()).length).toBe(before.length + 1);
    expect((await visitor.fetch(path, { method: 'DELETE' })).status).toBe(204);
    expect((await visitor.fetch(path, { method: 'HEAD' })).status).toBe(404);
    expect(await keptFiles()).toEqual(before);
  });

  test('is checked as any other when it is whole; what is refused leaves nothing', async () => {
    const visitor = new Visitor(server, 'en');
    const before = await keptFiles();
    const silence = wavOf(new Float32Array(16_000));
    const path = await create(visitor, silence.length);
    expect(await problemOf(await patch(visitor, path, 0, silence))).toMatchObject({
      status: 422,
      code: 'audio-silent',
    });
    expect((await visitor.fetch(path, { method: 'HEAD' })).status).toBe(404);
    expect(await keptFiles()).toEqual(before);
  });

  test('may not bring more than it said, nor say more than is allowed', async () => {
    const visitor = new Visitor(server);
    const path = await create(visitor, 100);
    expect(await problemOf(await patch(visitor, path, 0, new Uint8Array(101)))).toMatchObject({ status: 413 });
    expect(await offsetOf(visitor, path)).toBe(0);
    for (const [length, status] of [
      [maxUploadBytes + 1, 413],
      [0, 422],
      [-1, 400],
      ['many', 400],
    ] as const) {
      expect((await problemOf(await tryCreate(visitor, length))).status).toBe(status);
    }
  });

  test('of one visitor are not too many at once', async () => {
    const visitor = new Visitor(server);
    for (let count = 0; count < 10; count++) await create(visitor, 100);
    expect(await problemOf(await tryCreate(visitor, 100))).toMatchObject({ status: 507, code: 'storage-full' });
  });

  test('of somebody else is not there, on any route', async () => {
    const path = await create(new Visitor(server), 100);
    const stranger = new Visitor(server);
    await stranger.fetch('/api/session');
    for (const visitor of [stranger, new Visitor(server)]) {
      expect((await visitor.fetch(path, { method: 'HEAD' })).status).toBe(404);
      expect((await visitor.fetch(path)).status).toBe(404);
      expect((await patch(visitor, path, 0, 'mine')).status).toBe(404);
      expect((await visitor.fetch(path, { method: 'DELETE' })).status).toBe(404);
    }
  });

  test('speaks tus 1.0.0 and says so', async () => {
    const visitor = new Visitor(server);
    const { status, headers } = await visitor.fetch(collection, { method: 'OPTIONS' });
    expect([status, headers.get('Tus-Version'), headers.get('Tus-Max-Size')]).toEqual([204, '1.0.0', '30000000']);
    expect(headers.get('Tus-Extension')).toBe('creation,termination,expiration');
    const other = { method: 'POST', headers: { 'Tus-Resumable': '0.2.2', 'Upload-Length': '1' } };
    const refused = await visitor.fetch(collection, other);
    expect([refused.status, refused.headers.get('Tus-Version')]).toEqual([412, '1.0.0']);
    const path = await create(visitor, 100);
    const untyped = await visitor.fetch(path, { method: 'PATCH', headers: { 'Upload-Offset': '0' }, body: 'a' });
    expect(untyped.status).toBe(415);
  });
});

test('an upload survives SIGKILL of the server in its middle, and arrives byte for byte', async () => {
  await using ownFolder = await makeDataFolder();
  const first = await startServerProcess(ownFolder.path, environment);
  const visitor = new Visitor(first);
  const content = wavOf(tone(110, 48_000), 48_000);
  const path = await create(visitor, content.length);
  const half = 10_000_000;
  const request = patch(visitor, path, 0, interrupted(content.slice(0, half))).then(
    () => 'answered',
    () => 'broken',
  );
  await until('two parts are stored', async () => (await offsetOf(visitor, path)) >= 2 * 2 ** 22);
  await first.kill();
  expect(await request).toBe('broken');

  const second = await startServerProcess(ownFolder.path, environment);
  try {
    const again = new Visitor(second, 'vi', visitor.cookie);
    const offset = await offsetOf(again, path);
    expect(offset).toBeGreaterThanOrEqual(2 * 2 ** 22);
    expect(offset).toBeLessThanOrEqual(half);
    expect((await patch(again, path, offset, content.slice(offset))).status).toBe(204);
    const [upload] = (await again.json<UploadList>('/api/uploads')).uploads;
    expect(upload).toMatchObject({ bytes: content.length, format: 'wav' });
    const files = await readdir(join(ownFolder.path, 'files'), { recursive: true, withFileTypes: true });
    const [stored, ...others] = files.filter((entry) => entry.isFile());
    expect(others).toEqual([]);
    const bytes = await Bun.file(join(stored?.parentPath ?? '', stored?.name ?? '')).bytes();
    const sha256 = (data: Uint8Array) => createHash('sha256').update(data).digest('hex');
    expect(sha256(bytes)).toBe(sha256(content));

    using news = await again.listen();
    const { id } = await again.convert({ source: upload?.id ?? '', voice: 'sample-1688' });
    expect((await news.ended(id)).status).toBe('done');
  } finally {
    await second.stop();
  }
}, 60_000);
