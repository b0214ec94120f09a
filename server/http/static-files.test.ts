import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, brotliDecompressSync, gunzipSync } from 'node:zlib';
import { Hono } from 'hono';
import { accepts, resolveBelow, sendStaticFile } from './static-files.ts';

describe('path of a static file', () => {
  test.each([
    ['/index.html', '/www/index.html'],
    ['/assets/a%20b.js', '/www/assets/a b.js'],
    ['/a/../b.js', '/www/b.js'],
    ['/../secret', undefined],
    ['/%2e%2e/secret', undefined],
    ['/a/%2e%2e%2f%2e%2e%2fwww2/x', undefined],
    ['/..%5csecret', undefined],
    ['/a%00.html', undefined],
    ['/%E0%A4%A', undefined],
  ])('%p leads to %p', (urlPath, path) => {
    expect(resolveBelow('/www', urlPath)).toBe(path as string);
  });
});

describe('an Accept-Encoding header', () => {
  test.each([
    ['gzip, deflate, br, zstd', true],
    ['BR;q=0.5', true],
    ['gzip, br;q=0', false],
    ['*', true],
    ['br;q=0, *', false],
    ['*;q=0', false],
    ['gzip', false],
    ['brotli', false],
    ['br;q=much', false],
    ['', false],
    [undefined, false],
  ])('%p: Brotli %p', (header, accepted) => {
    expect(accepts(header, 'br')).toBe(accepted);
  });
});

describe('static files', () => {
  const script = 'export const a = 1;\n'.repeat(200);
  let folder: string;
  let app: Hono;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'giong-static-'));
    await Bun.write(join(folder, 'index.html'), '<p>chào</p>');
    await Bun.write(join(folder, 'assets/app-5f3a.js'), 'export {};');
    await Bun.write(join(folder, 'assets/long-77aa.js'), script);
    await Bun.write(join(folder, 'assets/long-77aa.js.gz'), Bun.gzipSync(script));
    await Bun.write(join(folder, 'assets/long-77aa.js.br'), brotliCompressSync(script));
    await Bun.write(join(folder, 'assets/only-9c0d.css'), 'p {}');
    await Bun.write(join(folder, 'assets/only-9c0d.css.gz'), Bun.gzipSync('p {}'));
    app = new Hono().get('/*', async (c) => (await sendStaticFile(c, folder, c.req.path)) ?? c.notFound());
  });
  afterAll(() => rm(folder, { recursive: true }));

  test('named by their content are kept for good, others are asked for again', async () => {
    const asset = await app.request('/assets/app-5f3a.js');
    expect(asset.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(asset.headers.get('content-type')).toStartWith('text/javascript');
    const page = await app.request('/index.html');
    expect(page.headers.get('cache-control')).toBe('no-cache');
    expect(await page.text()).toBe('<p>chào</p>');
    const etag = page.headers.get('etag') ?? '';
    expect((await app.request('/index.html', { headers: { 'If-None-Match': etag } })).status).toBe(304);
  });

  test('a folder or a missing file is none', async () => {
    for (const path of ['/assets', '/assets/', '/none.js']) expect((await app.request(path)).status).toBe(404);
  });

  test('are sent as the best copy that the caller accepts, and read as the same file', async () => {
    const ask = (encodings: string, init: RequestInit = {}) =>
      app.request('/assets/long-77aa.js', { ...init, headers: { 'Accept-Encoding': encodings, ...init.headers } });
    const decoders = {
      br: brotliDecompressSync,
      gzip: gunzipSync,
      identity: (bytes: Uint8Array) => Buffer.from(bytes),
    };
    const cases = [
      ['gzip, deflate, br', 'br'],
      ['gzip, br;q=0', 'gzip'],
      ['identity', 'identity'],
    ] as const;
    const tags = new Set<string>();
    for (const [encodings, coding] of cases) {
      const answer = await ask(encodings);
      expect(answer.headers.get('content-encoding') ?? 'identity').toBe(coding);
      expect(answer.headers.get('content-type')).toStartWith('text/javascript');
      expect(answer.headers.get('vary')).toBe('Accept-Encoding');
      expect(answer.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
      const bytes = await answer.bytes();
      expect(answer.headers.get('content-length')).toBe(String(bytes.length));
      expect(decoders[coding](bytes).toString()).toBe(script);

      const etag = answer.headers.get('etag') ?? '';
      tags.add(etag);
      const again = await ask(encodings, { headers: { 'If-None-Match': etag } });
      expect([again.status, again.headers.get('vary')]).toEqual([304, 'Accept-Encoding']);

      const head = await ask(encodings, { method: 'HEAD' });
      expect(head.headers.get('content-length')).toBe(String(bytes.length));
      expect((await head.bytes()).length).toBe(0);
    }
    expect(tags.size).toBe(cases.length);
  });

  test('without the best copy are sent as the next one', async () => {
    const answer = await app.request('/assets/only-9c0d.css', { headers: { 'Accept-Encoding': 'br, gzip' } });
    expect(answer.headers.get('content-encoding')).toBe('gzip');
    expect(answer.headers.get('content-type')).toStartWith('text/css');
  });

  test('in part are parts of the file itself', async () => {
    const answer = await app.request('/assets/long-77aa.js', {
      headers: { 'Accept-Encoding': 'br', Range: 'bytes=0-5' },
    });
    expect(answer.status).toBe(206);
    expect(answer.headers.get('content-encoding')).toBeNull();
    expect(answer.headers.get('content-range')).toBe(`bytes 0-5/${script.length}`);
    expect(await answer.text()).toBe('export');
  });
});
