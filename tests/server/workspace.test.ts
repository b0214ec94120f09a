import { Database } from 'bun:sqlite';
import { afterAll, beforeAll, expect, test } from 'bun:test';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { JobList, KeyCreated, KeyList, UploadList, Voice, VoiceList } from '#server/http/api-types.ts';
import { until } from '../services/until.ts';
import { makeDataFolder, type ServerProcess, startServerProcess } from './server-process.ts';
import { sampleFile, tone, wavOf } from './sounds.ts';
import { Visitor } from './visitor.ts';

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

const removeAll = { method: 'DELETE' };

/** A visitor with something of every kind. */
async function richVisitor() {
  const visitor = new Visitor(server);
  const key = (await (await visitor.post('/api/keys', { name: 'x' })).json()) as KeyCreated;
  const upload = await visitor.upload(sampleFile('recordings/vietnamese.flac'), 'a.flac');
  const form = new FormData();
  form.append('references', new File([sampleFile('voices/2033.flac')], 'b.flac'));
  form.append('name', 'Mai');
  form.append('consent', 'true');
  const voice: Voice = await visitor.json('/api/voices', { method: 'POST', body: form });
  await visitor.json('/api/webhooks/secret');
  const part = await visitor.fetch('/api/uploads/resumable', { method: 'POST', headers: { 'Upload-Length': '9' } });
  expect(part.status).toBe(201);
  await visitor.post('/api/batches', { sources: [upload.id], voice: voice.id, name: 'x' });
  return { visitor, key: key.key, workspace: key.workspace, upload, voice };
}

/** Rows of the database and files of the store that belong to the workspace. */
async function traces(workspace: string): Promise<string[]> {
  const database = new Database(join(folder.path, 'giong.sqlite'), { readonly: true });
  const tables = database
    .query<{ name: string }, []>(
      `select m.name from sqlite_master m where m.type = 'table'
       and exists (select 1 from pragma_table_info(m.name) where name = 'workspace_id')`,
    )
    .all();
  expect(tables.length).toBeGreaterThan(8);
  const rows = tables.flatMap(({ name }) => {
    const found = database.query<{ count: number }, [string]>(
      `select count(*) as count from "${name}" where workspace_id = ?`,
    );
    return (found.get(workspace)?.count ?? 0) > 0 ? [name] : [];
  });
  database.close();
  const files = await readdir(folder.path, { recursive: true, withFileTypes: true });
  return [
    ...rows,
    ...files
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name))
      .filter((path) => path.includes(workspace)),
  ];
}

test('DELETE /api/workspace leaves no row, no file and no way in, tells the sockets, and stops what runs', async () => {
  const { visitor, key, workspace } = await richVisitor();
  const other = await richVisitor();
  using news = await visitor.listen();
  const long = await visitor.upload(wavOf(tone(60)), 'long.wav');
  const running = await visitor.convert({ source: long.id, voice: 'sample-1688' });
  const waiting = await visitor.convert({ source: long.id, voice: 'sample-3080' });
  await news.until((message) => message.type === 'progress' && message.id === running.id);
  const before = await traces(workspace);
  for (const kind of [
    'jobs',
    'uploads',
    'voices',
    'api_keys',
    'sessions',
    'batches',
    'webhook_secrets',
    'resumable_uploads',
  ]) {
    expect(before).toContain(kind);
  }
  expect(before.filter((trace) => trace.includes('/')).length).toBeGreaterThanOrEqual(4);

  const cookie = visitor.cookie;
  const response = await visitor.fetch('/api/workspace', removeAll);
  expect(response.status).toBe(204);
  await news.until(({ type }) => type === 'cleared');
  for (const { id } of [running, waiting]) expect((await news.ended(id)).status).toBe('cancelled');
  // A conversion that ran has its last word, in which it takes away what it had written.
  await until('nothing is left', async () => (await traces(workspace)).length === 0);

  const old = new Visitor(server, 'vi', cookie);
  expect((await old.json<JobList>('/api/jobs')).jobs).toEqual([]);
  expect((await old.json<UploadList>('/api/uploads')).uploads).toEqual([]);
  expect((await old.json<VoiceList>('/api/voices')).voices.every(({ sample }) => sample)).toBe(true);
  const byKey = await fetch(`${server.url}/api/jobs`, { headers: { Authorization: `Bearer ${key}` } });
  expect(byKey.status).toBe(401);

  // Nobody else has lost anything.
  expect((await other.visitor.json<UploadList>('/api/uploads')).uploads.map(({ id }) => id)).toEqual([other.upload.id]);
  expect((await other.visitor.json<VoiceList>('/api/voices')).voices.map(({ id }) => id)).toContain(other.voice.id);
  expect((await other.visitor.json<KeyList>('/api/keys')).keys).toHaveLength(1);
}, 60_000);

test('who has nothing has nothing to lose, and who comes again begins anew', async () => {
  const visitor = new Visitor(server);
  expect((await visitor.fetch('/api/workspace', removeAll)).status).toBe(204);
  await visitor.upload(wavOf(tone(1)), 'a.wav');
  expect((await visitor.fetch('/api/workspace', removeAll)).status).toBe(204);
  const { id } = await visitor.upload(wavOf(tone(1)), 'b.wav');
  expect((await visitor.json<UploadList>('/api/uploads')).uploads.map((upload) => upload.id)).toEqual([id]);
});

test('no other site can have it done', async () => {
  const { visitor, upload } = await richVisitor();
  const foreign = await visitor.fetch('/api/workspace', { ...removeAll, headers: { Origin: 'https://evil.example' } });
  expect(foreign.status).toBe(403);
  expect((await visitor.json<UploadList>('/api/uploads')).uploads.map(({ id }) => id)).toEqual([upload.id]);
});
