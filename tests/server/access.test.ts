import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import type { Job, KeyCreated, KeyList } from '#server/http/api-types.ts';
import { makeDataFolder, type ServerProcess, startServerProcess } from './server-process.ts';
import { sampleFile } from './sounds.ts';
import { problemOf, Visitor } from './visitor.ts';

const adminKey = 'sesame, open';

let folder: Awaited<ReturnType<typeof makeDataFolder>>;
let server: ServerProcess;
beforeAll(async () => {
  folder = await makeDataFolder();
  // Nothing is converted: jobs stay in line, where their priority can be seen.
  server = await startServerProcess(folder.path, {
    GIONG_ADMIN_KEY: adminKey,
    GIONG_PROXIES: '1',
    GIONG_WORKERS: '0',
    GIONG_QUOTA_JOBS: '2',
  });
});
afterAll(async () => {
  await server.stop();
  await folder[Symbol.asyncDispose]();
});

/** Asks as a program with a key, without cookies. */
function by(key: string, path: string, init: RequestInit = {}): Promise<Response> {
  return fetch(server.url + path, { ...init, headers: { ...init.headers, Authorization: `Bearer ${key}` } });
}

function post(key: string, path: string, body: unknown): Promise<Response> {
  const headers = { 'Content-Type': 'application/json' };
  return by(key, path, { method: 'POST', headers, body: JSON.stringify(body) });
}

async function makeKey(visitor: Visitor, name = 'Phòng thu'): Promise<KeyCreated> {
  const response = await visitor.post('/api/keys', { name });
  expect(response.status).toBe(201);
  return (await response.json()) as KeyCreated;
}

const request = { source: 'sample-vietnamese', voice: 'sample-1688' };

async function queuedByPriority(): Promise<Record<string, number>> {
  const status = await (await fetch(`${server.url}/api/queue/status`)).json();
  return status.queuedByPriority;
}

describe('an API key', () => {
  test('opens the workspace that it was made in, sets no cookie, and is shown once', async () => {
    const visitor = new Visitor(server);
    const { key, ...made } = await makeKey(visitor);
    const upload = await visitor.upload(sampleFile('recordings/english.flac'), 'Của tôi.flac');
    const response = await by(key, '/api/uploads');
    expect(await response.json()).toEqual({ uploads: [upload] });
    expect(response.headers.get('set-cookie')).toBeNull();

    const { keys } = await visitor.json<KeyList>('/api/keys');
    expect(keys).toEqual([{ ...made, lastUsedAt: expect.any(String) }]);
    expect(key.endsWith(made.ending)).toBe(true);
    expect(JSON.stringify(keys)).not.toContain(key);
  });

  test('is known by its owner alone, and opens nothing once it is revoked', async () => {
    const [owner, other] = [new Visitor(server), new Visitor(server)];
    await other.fetch('/api/session');
    const { key, id } = await makeKey(owner);
    expect(await other.json<KeyList>('/api/keys')).toEqual({ keys: [] });
    expect((await other.fetch(`/api/keys/${id}`, { method: 'DELETE' })).status).toBe(404);
    expect((await by(key, '/api/jobs')).status).toBe(200);
    expect((await owner.fetch(`/api/keys/${id}`, { method: 'DELETE' })).status).toBe(204);
    for (const path of ['/api/jobs', '/api/session', '/health', '/ws', '/api/samples', '/']) {
      const refused = await by(key, path);
      expect({ path, challenge: refused.headers.get('www-authenticate') }).toEqual({ path, challenge: 'Bearer' });
      expect(await problemOf(refused)).toMatchObject({ status: 401, code: 'unauthorized' });
      expect(refused.headers.get('set-cookie')).toBeNull();
    }
  });

  test('that is wrong does not fall back on the cookie beside it', async () => {
    const visitor = new Visitor(server);
    await visitor.fetch('/api/session');
    for (const wrong of ['Bearer giong_guess', 'Bearer ', 'bearer']) {
      const response = await visitor.fetch('/api/jobs', { headers: { Authorization: wrong } });
      expect({ wrong, status: response.status }).toEqual({ wrong, status: 401 });
    }
    // What a proxy in front asks for is not for us.
    expect((await visitor.fetch('/api/jobs', { headers: { Authorization: 'Basic eDp5' } })).status).toBe(200);
  });

  test('works from any page: no other site can send it', async () => {
    const visitor = new Visitor(server);
    const { key } = await makeKey(visitor);
    const headers = { Origin: 'https://elsewhere.example', 'Content-Type': 'application/json' };
    const init = { method: 'POST', headers, body: JSON.stringify({ name: 'x' }) };
    expect((await by(key, '/api/keys', init)).status).toBe(201);
    expect((await visitor.fetch('/api/keys', init)).status).toBe(403);
  });

  test('needs a name, and nothing else', async () => {
    const visitor = new Visitor(server, 'en');
    for (const body of [{}, { name: ' ' }, { name: 'a'.repeat(101) }, { name: 'a', priority: 'paid' }]) {
      expect(await problemOf(await visitor.post('/api/keys', body))).toMatchObject({ code: 'request-invalid' });
    }
  });
});

describe('the admin key', () => {
  test("makes paid keys, lists and revokes everybody's; others may not", async () => {
    const visitor = new Visitor(server);
    const normal = await makeKey(visitor);
    const asked = { name: 'Đài phát thanh', priority: 'paid' };
    expect((await visitor.post('/api/admin/keys', asked)).status).toBe(401);
    expect((await post(normal.key, '/api/admin/keys', asked)).status).toBe(403);
    expect((await by(normal.key, '/api/admin/keys')).status).toBe(403);
    expect((await post(adminKey, '/api/admin/keys', { name: 'x', workspace: '../w' })).status).toBe(400);

    const paid = (await (await post(adminKey, '/api/admin/keys', asked)).json()) as KeyCreated;
    const same = { ...asked, workspace: normal.workspace };
    const sameWorkspace = (await (await post(adminKey, '/api/admin/keys', same)).json()) as KeyCreated;
    expect([paid.priority, sameWorkspace.workspace]).toEqual(['paid', normal.workspace]);
    expect(paid.workspace).not.toBe(normal.workspace);
    const { keys } = (await (await by(adminKey, '/api/admin/keys')).json()) as KeyList;
    expect(keys.map((key) => key.id)).toEqual(expect.arrayContaining([normal.id, paid.id, sameWorkspace.id]));
    expect((await by(adminKey, `/api/admin/keys/${paid.id}`, { method: 'DELETE' })).status).toBe(204);
    expect((await by(paid.key, '/api/jobs')).status).toBe(401);
    expect((await by(adminKey, `/api/admin/keys/${paid.id}`, { method: 'DELETE' })).status).toBe(404);
  });

  test("opens a workspace of its own, and puts jobs before everybody's", async () => {
    const before = await queuedByPriority();
    const visitor = new Visitor(server);
    await visitor.convert(request);
    const paid = (await (
      await post(adminKey, '/api/admin/keys', { name: 'x', priority: 'paid' })
    ).json()) as KeyCreated;
    const jobs = [];
    for (const key of [paid.key, adminKey]) {
      const response = await post(key, '/api/convert', request);
      expect(response.status).toBe(202);
      const { id } = (await response.json()) as Job;
      expect((await by(key, `/api/jobs/${id}`)).status).toBe(200);
      expect((await visitor.fetch(`/api/jobs/${id}`)).status).toBe(404);
      jobs.push({ key, id });
    }
    const lower = { ...request, priority: 'normal' };
    expect((await post(paid.key, '/api/convert', { ...request, priority: 'admin' })).status).toBe(403);
    expect((await visitor.post('/api/convert', { ...request, priority: 'paid' })).status).toBe(403);
    expect((await post(paid.key, '/api/convert', lower)).status).toBe(202);
    const after = await queuedByPriority();
    const added = Object.entries(after).map(([priority, count]) => [priority, count - (before[priority] ?? 0)]);
    expect(Object.fromEntries(added)).toEqual({ admin: 1, paid: 1, normal: 2 });
    for (const { key, id } of jobs) await by(key, `/api/jobs/${id}`, { method: 'DELETE' });
  });
});

describe('a session', () => {
  const cookieOf = (response: Response) => response.headers.get('set-cookie');

  test('is a cookie that scripts cannot read and other sites cannot send', async () => {
    const cookie = cookieOf(await fetch(`${server.url}/api/session`));
    expect(cookie).toMatch(/^giong_session=[\w-]{43}; Max-Age=31536000; Path=\/; HttpOnly; SameSite=Lax$/);
  });

  test('over TLS is a cookie for this host and TLS alone', async () => {
    const headers = { 'X-Forwarded-Proto': 'https' };
    const cookie = cookieOf(await fetch(`${server.url}/api/session`, { headers }));
    expect(cookie).toMatch(/^__Host-giong_session=[\w-]{43}; .*Path=\/; HttpOnly; Secure; SameSite=Lax$/);
    const visitor = new Visitor(server, 'vi', cookie?.split(';')[0]);
    expect(cookieOf(await visitor.fetch('/api/session', { headers }))).toBeNull();
    const forged = await fetch(`${server.url}/api/session`, { headers: { 'X-Forwarded-Proto': 'https, http' } });
    expect(cookieOf(forged)).toStartWith('giong_session=');
  });

  test('is forgotten when asked', async () => {
    const visitor = new Visitor(server);
    await visitor.convert(request);
    const { cookie = '' } = visitor;
    const response = await visitor.fetch('/api/session', { method: 'DELETE' });
    expect(response.status).toBe(204);
    expect(cookieOf(response)).toStartWith('giong_session=; Max-Age=0');
    const copy = new Visitor(server, 'vi', cookie);
    expect(await copy.json('/api/jobs')).toEqual({ jobs: [] });
    const page = { method: 'DELETE', headers: { Origin: 'https://elsewhere.example' } };
    expect((await visitor.fetch('/api/session', page)).status).toBe(403);
  });
});

test('a workspace has room for so many unfinished jobs; one that ends makes room', async () => {
  const visitor = new Visitor(server, 'en');
  const first = await visitor.convert(request);
  await visitor.convert(request);
  const refused = await visitor.post('/api/convert', request);
  expect(refused.headers.get('retry-after')).toBe('30');
  const problem = await problemOf(refused);
  expect(problem).toMatchObject({ status: 429, code: 'queue-full' });
  expect(problem.title).toContain('limit: 2');
  const other = new Visitor(server, 'en');
  await other.convert(request);
  const batch = await other.post('/api/batches', { sources: Array(2).fill(request.source), voice: request.voice });
  expect(await problemOf(batch)).toMatchObject({ status: 429, code: 'queue-full' });
  await other.convert(request);
  await visitor.fetch(`/api/jobs/${first.id}`, { method: 'DELETE' });
  await visitor.convert(request);
});
