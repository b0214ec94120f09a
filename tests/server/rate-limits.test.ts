import { afterAll, beforeAll, expect, test } from 'bun:test';
import { makeDataFolder, type ServerProcess, startServerProcess } from './server-process.ts';
import { problemOf, Visitor } from './visitor.ts';

let folder: Awaited<ReturnType<typeof makeDataFolder>>;
let server: ServerProcess;
beforeAll(async () => {
  folder = await makeDataFolder();
  server = await startServerProcess(folder.path, {
    GIONG_RATE_GENERAL: '5/3600',
    GIONG_RATE_STATUS: '8/3600',
    GIONG_RATE_CONVERT: '2/3600',
    GIONG_RATE_VOICES: '1/3600',
    GIONG_USERS_PER_ADDRESS: '3',
    GIONG_PROXIES: '1',
  });
});
afterAll(async () => {
  await server.stop();
  await folder[Symbol.asyncDispose]();
});

/** Asks as a proxy does for a client at that address. */
async function from(address: string, visitor: Visitor, path: string, init: RequestInit = {}): Promise<Response> {
  return visitor.fetch(path, { ...init, headers: { ...init.headers, 'X-Forwarded-For': `10.9.9.9, ${address}` } });
}

async function statuses(address: string, visitor: Visitor, path: string, times: number): Promise<number[]> {
  const all = [];
  for (let i = 0; i < times; i++) all.push((await from(address, visitor, path)).status);
  return all;
}

test('a user who asks too often is told when to come back, in their language', async () => {
  const visitor = new Visitor(server, 'en');
  await from('192.0.2.1', visitor, '/api/session');
  const first = await from('192.0.2.1', visitor, '/api/jobs');
  expect(first.headers.get('ratelimit-limit')).toBe('5');
  expect(first.headers.get('ratelimit-remaining')).toBe('4');
  expect(first.headers.get('retry-after')).toBeNull();
  expect(await statuses('192.0.2.1', visitor, '/api/jobs', 4)).toEqual([200, 200, 200, 200]);

  const refused = await from('192.0.2.1', visitor, '/api/jobs');
  expect(refused.headers.get('ratelimit-remaining')).toBe('0');
  const seconds = Number(refused.headers.get('retry-after'));
  expect(seconds).toBeGreaterThan(3000);
  expect(seconds).toBeLessThanOrEqual(3600);
  const problem = await problemOf(refused);
  expect(problem).toMatchObject({ status: 429, code: 'rate-limited', title: 'You have sent too many requests' });
  expect(problem.detail).toMatch(/^Try again in [\d.]+ minutes\.$/);

  const neighbour = new Visitor(server);
  await from('192.0.2.1', neighbour, '/api/session');
  expect((await from('192.0.2.1', neighbour, '/api/jobs')).status).toBe(200);
});

test('the page, its files, the samples and the health check go on', async () => {
  const visitor = new Visitor(server);
  expect((await statuses('192.0.2.2', visitor, '/api/session', 20)).at(-1)).toBe(429);
  // A model is as large as many pages.
  expect((await from('192.0.2.2', visitor, '/models/mini/encoder.onnx')).status).toBe(429);
  for (const path of ['/', '/health', '/ready', '/api/samples', '/api/samples/sample-1688/audio']) {
    const response = await from('192.0.2.2', visitor, path);
    expect({ path, status: response.status }).not.toMatchObject({ status: 429 });
    expect(response.headers.get('ratelimit-limit')).toBeNull();
  }
});

test('who throws the session away each time has the room of the address, not more; other addresses are free', async () => {
  const all = [];
  for (let i = 0; i < 16; i++) all.push((await from('192.0.2.3', new Visitor(server), '/api/session')).status);
  expect(all).toEqual([...Array(15).fill(200), 429]);
  expect((await from('192.0.2.4', new Visitor(server), '/api/session')).status).toBe(200);
});

test('conversions and voices have limits of their own', async () => {
  const visitor = new Visitor(server);
  await from('192.0.2.5', visitor, '/api/session');
  const post = async (path: string) => (await from('192.0.2.5', visitor, path, { method: 'POST', body: '{}' })).status;
  expect([await post('/api/convert'), await post('/api/convert'), await post('/api/convert')]).toEqual([400, 400, 429]);
  expect([await post('/api/voices'), await post('/api/clone')]).toEqual([400, 429]);
  expect((await from('192.0.2.5', visitor, '/api/jobs')).status).toBe(200);
});

test('asking how things stand has room of its own', async () => {
  const visitor = new Visitor(server);
  await from('192.0.2.6', visitor, '/api/session');
  const asked = ['/api/queue/status', '/api/system/stats', '/api/jobs/j_none', '/api/convert/j_none'];
  for (const path of [...asked, ...asked]) expect((await from('192.0.2.6', visitor, path)).status).not.toBe(429);
  for (const path of asked) expect((await from('192.0.2.6', visitor, path)).status).toBe(429);
  expect((await from('192.0.2.6', visitor, '/api/jobs')).status).toBe(200);
});
