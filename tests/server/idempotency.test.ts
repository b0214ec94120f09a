import { Database } from 'bun:sqlite';
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { join } from 'node:path';
import type { JobList, KeyCreated, KeyList, Upload, UploadList, Voice, VoiceList } from '#server/http/api-types.ts';
import { makeDataFolder, type ServerProcess, startServerProcess } from './server-process.ts';
import { sampleFile } from './sounds.ts';
import { problemOf, Visitor } from './visitor.ts';

let folder: Awaited<ReturnType<typeof makeDataFolder>>;
let server: ServerProcess;
beforeAll(async () => {
  folder = await makeDataFolder();
  server = await startServerProcess(folder.path, { GIONG_WORKERS: '0' });
});
afterAll(async () => {
  await server.stop();
  await folder[Symbol.asyncDispose]();
});

const english = sampleFile('recordings/english.flac');

/** A new form each time, as a program that sends its request again makes it: its boundary is another. */
function upload(visitor: Visitor, key: string, content: Blob = english, name = 'a.flac'): Promise<Response> {
  const form = new FormData();
  form.append('file', new File([content], name));
  return visitor.fetch('/api/uploads', { method: 'POST', headers: { 'Idempotency-Key': key }, body: form });
}

function post(visitor: Visitor, path: string, key: string, body: unknown): Promise<Response> {
  const headers = { 'Content-Type': 'application/json', 'Idempotency-Key': key };
  return visitor.fetch(path, { method: 'POST', headers, body: JSON.stringify(body) });
}

async function arrive(language?: string): Promise<Visitor> {
  const visitor = new Visitor(server, language);
  await visitor.fetch('/api/session');
  return visitor;
}

const request = { source: 'sample-vietnamese', voice: 'sample-1688' };

describe('a repeated request with the same Idempotency-Key', () => {
  test('gives the same upload, and stores it once', async () => {
    const visitor = await arrive();
    const first = await upload(visitor, 'k-1');
    const again = await upload(visitor, 'k-1');
    expect([first.status, again.status]).toEqual([201, 201]);
    expect([first, again].map((each) => each.headers.get('idempotency-replayed'))).toEqual([null, 'true']);
    const stored = (await first.json()) as Upload;
    expect(await again.json()).toEqual(stored);
    expect(await visitor.json<UploadList>('/api/uploads')).toEqual({ uploads: [stored] });
  });

  test('gives the same job, with its place', async () => {
    const visitor = await arrive();
    const first = await post(visitor, '/api/convert', '"k-1"', request);
    const again = await post(visitor, '/api/convert', '"k-1"', request);
    expect([again.status, again.headers.get('location')]).toEqual([202, first.headers.get('location')]);
    expect(await again.json()).toEqual(await first.json());
    const { jobs } = await visitor.json<JobList>('/api/jobs');
    expect(jobs).toHaveLength(1);
  });

  test('gives the same voice, and the same API key', async () => {
    const visitor = await arrive();
    const createVoice = async () => {
      const form = new FormData();
      form.append('references', new File([sampleFile('voices/2033.flac')], 'r.flac'));
      form.append('name', 'Ông Ba');
      form.append('consent', 'true');
      const headers = { 'Idempotency-Key': 'v' };
      return (await (await visitor.fetch('/api/voices', { method: 'POST', headers, body: form })).json()) as Voice;
    };
    const voice = await createVoice();
    expect(await createVoice()).toEqual(voice);
    const { voices } = await visitor.json<VoiceList>('/api/voices');
    expect(voices.filter((each) => !each.sample)).toHaveLength(1);

    const createKey = async () => (await (await post(visitor, '/api/keys', 'k', { name: 'x' })).json()) as KeyCreated;
    const { key } = await createKey();
    expect((await createKey()).key).toBe(key);
    expect((await visitor.json<KeyList>('/api/keys')).keys).toHaveLength(1);
  });

  test('gives the same batch, and the same upload in parts with its offset', async () => {
    const visitor = await arrive();
    const batch = { sources: ['sample-vietnamese', 'sample-english'], voice: 'sample-1688' };
    const send = async () => (await post(visitor, '/api/batches', 'b', batch)).json();
    expect(await send()).toEqual(await send());
    expect((await visitor.json<JobList>('/api/jobs')).jobs).toHaveLength(2);

    const headers = { 'Idempotency-Key': 'p', 'Upload-Length': '9' };
    const create = () => visitor.fetch('/api/uploads/resumable', { method: 'POST', headers });
    const [first, again] = [await create(), await create()];
    for (const name of ['location', 'upload-offset', 'upload-length', 'upload-expires']) {
      expect(again.headers.get(name)).toBe(first.headers.get(name));
    }
    expect(again.headers.get('idempotency-replayed')).toBe('true');
  });

  test('gives the same uploads and voices, though the server was killed before it had noted its answer', async () => {
    const visitor = await arrive();
    const send = async (path: string, fields: Record<string, string | Blob>) => {
      const headers = { 'Idempotency-Key': path };
      const body = new FormData();
      for (const [name, value] of Object.entries(fields)) body.append(name, value);
      const response = await visitor.fetch(path, { method: 'POST', headers, body });
      return { status: response.status, answer: (await response.json()) as { id: string } };
    };
    const recording = new File([english], 'a.flac');
    const own = { name: 'Ông Ba', consent: 'true' };
    const sendAll = async () => {
      const voice = await send('/api/voices', {
        references: new File([sampleFile('voices/2033.flac')], 'r.flac'),
        ...own,
      });
      const exported = await (await visitor.fetch(`/api/voices/${voice.answer.id}/export`)).blob();
      const parts = await visitor.fetch('/api/uploads/resumable', {
        method: 'POST',
        headers: { 'Idempotency-Key': 'parts', 'Upload-Length': '9' },
      });
      return [
        voice,
        await send('/api/uploads', { file: recording }),
        await send('/api/convert', { source: recording, voice: 'sample-1688' }),
        await send('/api/voices/import', { file: new File([exported], 'b.giong-voice'), ...own }),
        parts.headers.get('location'),
      ];
    };
    // What the kill leaves: all that was made, and no answer.
    const forget = () => new Database(join(folder.path, 'giong.sqlite')).run('DELETE FROM idempotent_requests');
    const counts = async () => [
      (await visitor.json<UploadList>('/api/uploads')).uploads.length,
      (await visitor.json<VoiceList>('/api/voices')).voices.filter(({ sample }) => !sample).length,
      (await visitor.json<JobList>('/api/jobs')).jobs.length,
    ];
    const made = await sendAll();
    expect(await counts()).toEqual([2, 2, 1]);
    forget();
    expect(await sendAll()).toEqual(made);
    expect(await counts()).toEqual([2, 2, 1]);
    // Another recording with the same key is another one, and the first stays as it is.
    forget();
    const { answer: other } = await send('/api/uploads', {
      file: new File([sampleFile('voices/2033.flac')], 'a.flac'),
    });
    expect(await counts()).toEqual([3, 2, 1]);
    const first = (made[1] as { answer: { id: string } }).answer.id;
    expect(other.id).not.toBe(first);
    expect(await (await visitor.fetch(`/api/uploads/${first}/audio`)).bytes()).toEqual(await english.bytes());
  });

  test('gives the same job and batch, though the server was killed before it had noted its answer', async () => {
    const visitor = await arrive();
    const batch = { sources: ['sample-vietnamese', 'sample-english'], voice: 'sample-1688' };
    const sendBoth = async () => [
      await (await post(visitor, '/api/convert', 'j', { ...request, strength: 0.5 })).json(),
      await (await post(visitor, '/api/batches', 'b', batch)).json(),
    ];
    const made = await sendBoth();
    // What the kill leaves: all that was made, and no answer.
    using database = new Database(join(folder.path, 'giong.sqlite'));
    database.run('DELETE FROM idempotent_requests');
    expect(await sendBoth()).toEqual(made);
    expect((await visitor.json<JobList>('/api/jobs')).jobs).toHaveLength(3);
  });

  test('is refused when it is not the same request after all', async () => {
    const visitor = await arrive('en');
    await upload(visitor, 'k-1');
    await post(visitor, '/api/convert', 'k-2', request);
    const others = [
      await upload(visitor, 'k-1', sampleFile('voices/2033.flac')),
      await upload(visitor, 'k-1', english, 'b.flac'),
      await post(visitor, '/api/convert', 'k-2', { ...request, strength: 0.5 }),
      await post(visitor, '/api/keys', 'k-2', { name: 'x' }),
    ];
    for (const response of others) {
      expect(await problemOf(response)).toMatchObject({ status: 422, code: 'idempotency-mismatch' });
    }
    expect((await visitor.json<UploadList>('/api/uploads')).uploads).toHaveLength(1);
    expect((await visitor.json<JobList>('/api/jobs')).jobs).toHaveLength(1);
  });

  test('of another workspace is another request', async () => {
    const [an, binh] = [await arrive(), await arrive()];
    const [first, second] = [await upload(an, 'k'), await upload(binh, 'k')];
    expect(second.headers.get('idempotency-replayed')).toBeNull();
    expect(((await first.json()) as Upload).id).not.toBe(((await second.json()) as Upload).id);
  });

  test('while the first is under way is told to come back, and nothing is created twice', async () => {
    const visitor = await arrive('en');
    const together = await Promise.all(Array.from({ length: 8 }, () => upload(visitor, 'k')));
    const ids = new Set<string>();
    for (const response of together) {
      if (response.status === 201) ids.add(((await response.json()) as Upload).id);
      else {
        expect(response.headers.get('retry-after')).toBe('1');
        expect(await problemOf(response)).toMatchObject({ status: 409, code: 'idempotency-busy' });
      }
    }
    expect(ids.size).toBe(1);
    expect((await visitor.json<UploadList>('/api/uploads')).uploads).toHaveLength(1);
  });

  test('may be mended after it was refused: nothing had come of it', async () => {
    const visitor = await arrive();
    expect((await upload(visitor, 'k', new Blob(['no sound']))).status).toBe(415);
    expect((await post(visitor, '/api/convert', 'c', { ...request, voice: 'v_none' })).status).toBe(404);
    expect((await upload(visitor, 'k')).status).toBe(201);
    expect((await post(visitor, '/api/convert', 'c', request)).status).toBe(202);
  });

  test('still gives the first answer after the server was killed and started again', async () => {
    const visitor = await arrive();
    const first = await (await upload(visitor, 'k')).json();
    const { cookie } = visitor;
    await server.kill();
    server = await startServerProcess(folder.path, { GIONG_WORKERS: '0' });
    const returned = new Visitor(server, 'vi', cookie);
    const again = await upload(returned, 'k');
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(await again.json()).toEqual(first);
  });
});

test('a key that is none is refused', async () => {
  const visitor = await arrive();
  for (const key of ['', 'k'.repeat(256), 'has spaces']) {
    const response = await post(visitor, '/api/convert', key, request);
    expect({ key, status: response.status }).toEqual({ key, status: 400 });
  }
});
