import { describe, expect, test } from 'bun:test';
import { Hono } from 'hono';
import { contentDisposition, parseRange, sendFile } from './send-file.ts';

describe('range', () => {
  test.each([
    ['bytes=0-0', { start: 0, end: 0 }],
    ['bytes=2-5', { start: 2, end: 5 }],
    ['bytes=7-', { start: 7, end: 9 }],
    ['bytes=-3', { start: 7, end: 9 }],
    ['bytes=-30', { start: 0, end: 9 }],
    ['bytes=5-500', { start: 5, end: 9 }],
    ['bytes=10-', 'unsatisfiable'],
    ['bytes=-0', 'unsatisfiable'],
    ['bytes=5-2', undefined],
    ['bytes=0-1,3-4', undefined],
    ['items=0-1', undefined],
    ['bytes=-', undefined],
    ['nonsense', undefined],
    [undefined, undefined],
  ] as const)('%p of ten bytes is %p', (header, range) => {
    expect(parseRange(header, 10)).toEqual(range);
  });
});

describe('download name', () => {
  test('keeps Vietnamese for new clients and a readable rest for old ones', () => {
    expect(contentDisposition('Bài hát của Đăng.wav')).toBe(
      `attachment; filename="Bai hat cua Dang.wav"; filename*=UTF-8''B%C3%A0i%20h%C3%A1t%20c%E1%BB%A7a%20%C4%90%C4%83ng.wav`,
    );
  });

  test('cannot break out of its quotes', () => {
    expect(contentDisposition('a"; filename="b\\\r\n.wav')).toBe(
      `attachment; filename="a_; filename=_b___.wav"; filename*=UTF-8''a%22%3B%20filename%3D%22b%5C%0D%0A.wav`,
    );
  });
});

describe('sending a file', () => {
  const app = new Hono().get('/file', (c) =>
    sendFile(c, { body: new Blob(['0123456789']), type: 'audio/wav', etag: '"v1"', cacheControl: 'no-cache' }),
  );
  const get = (headers: Record<string, string>) => app.request('/file', { headers });

  test('whole', async () => {
    const response = await get({});
    expect(response.status).toBe(200);
    expect(response.headers.get('content-length')).toBe('10');
    expect(response.headers.get('accept-ranges')).toBe('bytes');
    expect(await response.text()).toBe('0123456789');
  });

  test('a part', async () => {
    const response = await get({ Range: 'bytes=2-4' });
    expect(response.status).toBe(206);
    expect(response.headers.get('content-range')).toBe('bytes 2-4/10');
    expect(response.headers.get('content-length')).toBe('3');
    expect(await response.text()).toBe('234');
  });

  test('a part beyond the end is refused with the size', async () => {
    const response = await get({ Range: 'bytes=10-' });
    expect(response.status).toBe(416);
    expect(response.headers.get('content-range')).toBe('bytes */10');
  });

  test('a part of another version is the whole', async () => {
    expect((await get({ Range: 'bytes=2-4', 'If-Range': '"v0"' })).status).toBe(200);
    expect((await get({ Range: 'bytes=2-4', 'If-Range': '"v1"' })).status).toBe(206);
  });

  test('nothing when the caller has it', async () => {
    const response = await get({ 'If-None-Match': '"v0", W/"v1"' });
    expect(response.status).toBe(304);
    expect(await response.text()).toBe('');
    expect((await get({ 'If-None-Match': '"v0"' })).status).toBe(200);
  });
});
