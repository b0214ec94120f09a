import { expect, test } from 'bun:test';
import { createPrecache, type PrecacheList } from './precache.ts';

const origin = 'https://giong.example';

/** Caches that last as long as the test. */
function createFakeCaches() {
  const all = new Map<string, Map<string, Response>>();
  const pathOf = (key: RequestInfo | URL) => new URL(key instanceof Request ? key.url : String(key), origin).pathname;
  const open = async (name: string) => {
    const entries = all.get(name) ?? new Map<string, Response>();
    all.set(name, entries);
    return {
      match: async (key: RequestInfo | URL) => entries.get(pathOf(key))?.clone(),
      put: async (key: RequestInfo | URL, response: Response) => void entries.set(pathOf(key), response),
      delete: async (key: RequestInfo | URL) => entries.delete(pathOf(key)),
      keys: async () => [...entries.keys()].map((path) => new Request(origin + path)),
    } as unknown as Cache;
  };
  return {
    caches: { open, keys: async () => [...all.keys()], delete: async (name: string) => all.delete(name) },
    paths: (name: string) => [...(all.get(name)?.keys() ?? [])].sort(),
    names: () => [...all.keys()].sort(),
  };
}

/** A server with these files; `fetched` lists what was asked of it. */
function createFakeServer(files: Record<string, string>) {
  const fetched: string[] = [];
  const fetch = async (url: string) => {
    fetched.push(url);
    const content = files[url];
    return content === undefined ? new Response('', { status: 404 }) : new Response(content);
  };
  return { fetch, fetched };
}

const hash = (content: string) => new Bun.CryptoHasher('sha256').update(content).digest('hex');

const list = (version: string, assets: string[], page: string): PrecacheList => ({
  version,
  assets,
  onRequest: [],
  pages: { '/': hash(page) },
});

const get = (path: string, init?: RequestInit) => new Request(origin + path, init);

test('after it is filled it answers without the server, and leaves everything else alone', async () => {
  const { caches } = createFakeCaches();
  const { fetch, fetched } = createFakeServer({ '/': 'page', '/assets/a-1.js': 'a' });
  const precache = createPrecache(list('1', ['/assets/a-1.js'], 'page'), { caches, fetch, origin });
  await precache.fill();
  fetched.length = 0;
  expect(await (await precache.answer(get('/')))?.text()).toBe('page');
  expect(await (await precache.answer(get('/assets/a-1.js')))?.text()).toBe('a');
  for (const path of ['/api/session', '/ws', '/assets/other.js', '/docs', '/toString']) {
    expect(precache.answer(get(path)), path).toBeUndefined();
  }
  expect(precache.answer(get('/', { method: 'POST' }))).toBeUndefined();
  expect(precache.answer(new Request('https://elsewhere.example/'))).toBeUndefined();
  expect(fetched).toEqual([]);
});

test('a new version fetches only what the old one does not have', async () => {
  const { caches, paths, names } = createFakeCaches();
  const server = createFakeServer({ '/': 'page 1', '/assets/a-1.js': 'a', '/assets/b-1.js': 'b' });
  await createPrecache(list('1', ['/assets/a-1.js', '/assets/b-1.js'], 'page 1'), { caches, ...server, origin }).fill();

  const next = createFakeServer({ '/': 'page 2', '/assets/a-1.js': 'a', '/assets/b-2.js': 'bb' });
  const precache = createPrecache(list('2', ['/assets/a-1.js', '/assets/b-2.js'], 'page 2'), {
    caches,
    ...next,
    origin,
  });
  await precache.fill();
  expect(next.fetched.sort()).toEqual(['/', '/assets/b-2.js']);

  await precache.tidy({ othersOpen: true });
  expect(names()).toEqual(['giong-assets', 'giong-pages-2']);
  expect(paths('giong-assets')).toEqual(['/assets/a-1.js', '/assets/b-1.js', '/assets/b-2.js']);
  await precache.tidy({ othersOpen: false });
  expect(paths('giong-assets')).toEqual(['/assets/a-1.js', '/assets/b-2.js']);
  expect(await (await precache.answer(get('/')))?.text()).toBe('page 2');
});

test('a page of another version, or a missing file, is not taken for this one', async () => {
  const { caches } = createFakeCaches();
  const newer = createFakeServer({ '/': 'page 2', '/assets/a-1.js': 'a' });
  const mixed = createPrecache(list('1', ['/assets/a-1.js'], 'page 1'), { caches, ...newer, origin });
  expect(await mixed.fill().catch(String)).toContain('another version');
  const missing = createPrecache(list('1', ['/assets/gone.js'], 'page 2'), { caches, ...newer, origin });
  expect(await missing.fill().catch(String)).toContain('404');
});

test('a file that the browser has thrown out is fetched anew', async () => {
  const { caches } = createFakeCaches();
  const { fetch } = createFakeServer({ '/': 'page', '/assets/a-1.js': 'a' });
  const precache = createPrecache(list('1', ['/assets/a-1.js'], 'page'), { caches, fetch, origin });
  await precache.fill();
  await caches.delete('giong-assets');
  expect(await (await precache.answer(get('/assets/a-1.js')))?.text()).toBe('a');
});

test('a large file is not fetched beforehand, but kept once it was asked for, over versions too', async () => {
  const large = '/assets/on-request/network-1.onnx';
  const { caches, paths } = createFakeCaches();
  const server = createFakeServer({ '/': 'page', [large]: 'weights' });
  const host = { caches, ...server, origin };
  const precache = createPrecache({ ...list('1', [], 'page'), onRequest: [large] }, host);
  await precache.fill();
  expect(server.fetched).toEqual(['/']);
  expect(await (await precache.answer(get(large)))?.text()).toBe('weights');
  expect(await (await precache.answer(get(large)))?.text()).toBe('weights');
  expect(server.fetched).toEqual(['/', large]);

  const next = createPrecache({ ...list('2', [], 'page'), onRequest: [large] }, host);
  await next.tidy({ othersOpen: false });
  expect(paths('giong-assets')).toEqual([large]);
  await createPrecache(list('3', [], 'page'), host).tidy({ othersOpen: false });
  expect(paths('giong-assets')).toEqual([]);
});

test('a large file that could not be fetched is asked for again', async () => {
  const { caches } = createFakeCaches();
  const files: Record<string, string> = {};
  const host = { caches, ...createFakeServer(files), origin };
  const precache = createPrecache({ ...list('1', [], 'page'), onRequest: ['/assets/on-request/a.onnx'] }, host);
  await expect(precache.answer(get('/assets/on-request/a.onnx'))).rejects.toThrow('404');
  files['/assets/on-request/a.onnx'] = 'weights';
  expect(await (await precache.answer(get('/assets/on-request/a.onnx')))?.text()).toBe('weights');
});

test('a large file is answered with even where there is no room to keep it', async () => {
  const path = '/assets/on-request/a.onnx';
  const { caches } = createFakeCaches();
  const full = async (name: string) => {
    const cache = await caches.open(name);
    return Object.assign(cache, { put: () => Promise.reject(new DOMException('full', 'QuotaExceededError')) });
  };
  const host = { caches: { ...caches, open: full }, ...createFakeServer({ [path]: 'weights' }), origin };
  const precache = createPrecache({ ...list('1', [], 'page'), onRequest: [path] }, host);
  expect(await (await precache.answer(get(path)))?.text()).toBe('weights');
});
