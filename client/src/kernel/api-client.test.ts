import { expect, test } from 'bun:test';
import { InputError, UnavailableError } from '#core/errors.ts';
import { createApiClient } from './api-client.ts';
import { errorOfAnswer, ServerUnreachableError } from './api-errors.ts';
import { createApiTransport } from './api-transport.ts';

function problem(code: string, status: number): Response {
  const body = { type: 'about:blank', title: 'Tên', status, code, detail: 'Làm gì' };
  return Response.json(body, { status, headers: { 'Content-Type': 'application/problem+json' } });
}

const answers = (response: Response) =>
  createApiClient(createApiTransport({ language: () => 'vi', fetch: async () => response }));

test('a problem of the user’s making is an InputError with the server’s words', async () => {
  const error = await answers(problem('audio-too-long', 413))
    .job('j_1')
    .catch((reason) => reason);
  expect(error).toBeInstanceOf(InputError);
  expect(error.code).toBe('audio-too-long');
  expect(error.cause).toMatchObject({ title: 'Tên', advice: 'Làm gì' });
});

test('a busy server is an UnavailableError: trying later can work', async () => {
  expect(
    await answers(problem('busy', 429))
      .job('j_1')
      .catch((reason) => reason),
  ).toBeInstanceOf(UnavailableError);
});

test('a page of a proxy, an unknown code and a broken network all read as unreachable', async () => {
  expect(errorOfAnswer(502, '<html>Bad gateway</html>')).toBeInstanceOf(ServerUnreachableError);
  expect(errorOfAnswer(500, '{"code":"from-the-future","title":"?"}')).toBeInstanceOf(ServerUnreachableError);
  const broken = createApiClient(
    createApiTransport({ language: () => 'vi', fetch: () => Promise.reject(new TypeError('fetch failed')) }),
    async () => ({ status: 0, body: '' }),
  );
  expect(await broken.session().catch((reason) => reason)).toBeInstanceOf(ServerUnreachableError);
  expect(await broken.upload(new Blob(), 'a.wav').catch((reason) => reason)).toBeInstanceOf(ServerUnreachableError);
});

test('requests carry the language, and ids cannot leave their place in the path', async () => {
  const seen: { url: string; init: RequestInit }[] = [];
  const transport = createApiTransport({
    language: () => 'en',
    fetch: async (url, init) => {
      seen.push({ url, init });
      return Response.json({});
    },
  });
  const api = createApiClient(transport);
  await api.job('../keys?x=1');
  expect(seen[0]?.url).toBe('/api/jobs/..%2Fkeys%3Fx%3D1');
  expect(seen[0]?.init.headers).toMatchObject({ 'Accept-Language': 'en' });
});

test('a request that the caller stopped is not a lost network', async () => {
  const controller = new AbortController();
  controller.abort();
  const transport = createApiTransport({
    language: () => 'vi',
    fetch: (url, init) => fetch(new URL(url, 'http://localhost'), init),
  });
  const api = createApiClient(transport);
  const error = await api.job('j_1', controller.signal).catch((reason) => reason);
  expect(error.name).toBe('AbortError');
});
