import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import type { KeyCreated, Voice } from '#server/http/api-types.ts';
import { makeDataFolder, type ServerProcess, startServerProcess } from './server-process.ts';
import { sampleFile } from './sounds.ts';
import { Visitor } from './visitor.ts';

/** Stands in all names that the owner gives, and in nothing else. */
const secret = 'Tuyệt mật';

let folder: Awaited<ReturnType<typeof makeDataFolder>>;
let server: ServerProcess;
let owner: Visitor;
/** Something of the owner's for each kind of route, by the part of the path before `{id}`. */
let owned: Readonly<Record<string, string>>;
/** Each a way to ask as somebody else. */
let strangers: Readonly<Record<string, (path: string, init?: RequestInit) => Promise<Response>>>;
let routes: readonly Route[];

interface Route {
  readonly method: string;
  readonly path: string;
}

/** Open to everybody: their ids are no workspace's. */
const publicRoutes = new Set(['GET /api/samples/{id}/audio']);

/** For the operator alone, who may do it to everybody's things. */
const operatorRoutes = /^\/api\/(admin\/|models\/\{id\}\/download$)/;

const json = (body: unknown): RequestInit => ({
  headers: { 'Content-Type': 'application/json' },
  body: JSON.stringify(body),
});

/** Requests that must be whole to come as far as the question whose the id is. */
const wholeRequests: Readonly<Record<string, RequestInit>> = {
  'PATCH /api/voices/{id}': json({ name: 'x' }),
  'PATCH /api/uploads/resumable/{id}': {
    headers: { 'Content-Type': 'application/offset+octet-stream', 'Upload-Offset': '0' },
    body: 'x',
  },
};

beforeAll(async () => {
  folder = await makeDataFolder();
  server = await startServerProcess(folder.path, { GIONG_ADMIN_KEY: 'sesame' });
  owner = new Visitor(server);
  const upload = await owner.upload(sampleFile('recordings/english.flac'), `${secret}.flac`);
  const form = new FormData();
  form.append('references', new File([sampleFile('voices/2033.flac')], `${secret}.flac`));
  form.append('name', secret);
  form.append('consent', 'true');
  const voice = (await (await owner.fetch('/api/voices', { method: 'POST', body: form })).json()) as Voice;
  const key = (await (await owner.post('/api/keys', { name: secret })).json()) as KeyCreated;
  using news = await owner.listen();
  const job = await owner.convert({ source: upload.id, voice: voice.id });
  expect((await news.ended(job.id)).status).toBe('done');
  const batch = await (
    await owner.post('/api/batches', { sources: [upload.id], voice: voice.id, name: secret })
  ).json();
  const part = await owner.fetch('/api/uploads/resumable', {
    method: 'POST',
    headers: { 'Upload-Length': '9', 'Upload-Metadata': `filename ${Buffer.from(secret).toString('base64')}` },
  });
  owned = {
    '/api/batches/': batch.id,
    '/api/uploads/resumable/': (await part.json()).id,
    '/api/models/': 'mini',
    '/api/uploads/': upload.id,
    '/api/voices/': voice.id,
    '/api/jobs/': job.id,
    '/api/convert/': job.id,
    '/api/keys/': key.id,
    '/api/admin/keys/': key.id,
  };

  const other = new Visitor(server);
  const otherKey = (await (await other.post('/api/keys', { name: 'x' })).json()) as KeyCreated;
  const withKey = (key: string) => (path: string, init?: RequestInit) =>
    fetch(server.url + path, { ...init, headers: { ...init?.headers, Authorization: `Bearer ${key}` } });
  strangers = {
    'with a session': (path, init) => other.fetch(path, init),
    'with an API key': withKey(otherKey.key),
    'with nothing': (path, init) => new Visitor(server).fetch(path, init),
    'with the admin key': withKey('sesame'),
  };

  const document = await (await fetch(`${server.url}/api/openapi.json`)).json();
  routes = Object.entries<Record<string, unknown>>(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => ({ method: method.toUpperCase(), path })),
  );
}, 60_000);
afterAll(async () => {
  await server.stop();
  await folder[Symbol.asyncDispose]();
});

/** All that the owner's things are known by; the model is everybody's. */
function traces(): string[] {
  return [secret, ...Object.values(owned)].filter((trace) => trace !== 'mini');
}

async function expectNoTrace(response: Response, ownIds: readonly string[] = []): Promise<void> {
  const text = `${JSON.stringify([...response.headers])} ${await response.text()}`;
  expect(traces().filter((trace) => !ownIds.includes(trace) && text.includes(trace))).toEqual([]);
}

const ways = ['with a session', 'with an API key', 'with nothing', 'with the admin key'];

describe.each(ways)('who comes %s', (way) => {
  const ask = (path: string, init?: RequestInit) => {
    const stranger = strangers[way];
    if (!stranger) throw new Error(way);
    return stranger(path, init);
  };
  const isOperator = way === 'with the admin key';

  test("finds nothing under the ids of another's things, on any route", async () => {
    const answers: Record<string, number> = {};
    for (const { method, path } of routes.filter((route) => route.path.includes('{'))) {
      const route = `${method} ${path}`;
      if (publicRoutes.has(route) || (operatorRoutes.test(path) && isOperator)) continue;
      const id = owned[path.slice(0, path.indexOf('{'))];
      if (id === undefined) throw new Error(`${route}: nothing of the owner's is known to ask it for`);
      const response = await ask(path.replace(/\{\w+\}/, id), { method, ...wholeRequests[route] });
      await expectNoTrace(response, [id]);
      const wanted = operatorRoutes.test(path) ? [401, 403] : [404];
      if (!wanted.includes(response.status)) answers[route] = response.status;
    }
    expect(answers).toEqual({});
  });

  test('sees nothing of them in any list or status', async () => {
    for (const { path } of routes.filter(({ method, path }) => method === 'GET' && !path.includes('{'))) {
      if (operatorRoutes.test(path) && isOperator) continue;
      await expectNoTrace(await ask(path));
    }
  });

  test('cannot use them in a conversion', async () => {
    const [upload = '', voice = ''] = [owned['/api/uploads/'], owned['/api/voices/']];
    for (const [path, request] of [
      ['/api/convert', { source: upload, voice: 'sample-1688' }],
      ['/api/convert', { source: 'sample-vietnamese', reference: upload }],
      ['/api/convert', { source: 'sample-vietnamese', voice }],
      ['/api/batches', { sources: ['sample-vietnamese', upload], voice: 'sample-1688' }],
      ['/api/batches', { sources: ['sample-vietnamese'], voice }],
    ] as const) {
      const response = await ask(path, { method: 'POST', ...json(request) });
      expect({ request, status: response.status }).toEqual({ request, status: 404 });
      await expectNoTrace(response, [upload, voice]);
    }
  });
});

test("hears nothing of another's jobs on the live socket", async () => {
  const other = new Visitor(server);
  await other.fetch('/api/session');
  using heard = await other.listen();
  using news = await owner.listen();
  const { id } = await owner.convert({ source: 'sample-vietnamese', voice: 'sample-1688' });
  await news.ended(id);
  heard.send('{"type":"ping"}');
  await heard.until((message) => message.type === 'pong');
  expect(heard.messages).toEqual([{ type: 'hello', jobs: [] }, { type: 'pong' }]);
});

test('after all of which the owner still has everything', async () => {
  for (const path of ['/api/uploads', '/api/voices', '/api/jobs', '/api/keys', '/api/batches']) {
    expect(JSON.stringify(await owner.json(path))).toContain(secret);
  }
  expect((await owner.fetch(`/api/jobs/${owned['/api/jobs/']}/result`)).status).toBe(200);
});
