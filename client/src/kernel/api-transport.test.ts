import { expect, test } from 'bun:test';
import { UnavailableError } from '#core/errors.ts';
import { createApiTransport } from './api-transport.ts';

function tooMany(retryAfter: string): Response {
  const body = { type: 'about:blank', title: 'Quá nhiều', status: 429, code: 'rate-limited', detail: 'Chờ một chút' };
  return Response.json(body, { status: 429, headers: { 'Retry-After': retryAfter } });
}

/** A transport whose server gives these answers, and the pauses that it made, in milliseconds. */
function transportOf(...answers: Response[]) {
  const pauses: number[] = [];
  const transport = createApiTransport({
    language: () => 'vi',
    fetch: async () => answers.shift() ?? Response.error(),
    pause: async (milliseconds) => void pauses.push(milliseconds),
  });
  return { transport, pauses };
}

test('who reads too much waits as long as the server asks, and reads on', async () => {
  const { transport, pauses } = transportOf(tooMany('7'), Response.json({ good: true }));
  expect(await transport.get<object>('/api/jobs')).toEqual({ good: true });
  expect(pauses).toEqual([7000]);
});

test('a second refusal, a long one, and one without a time are told', async () => {
  for (const answers of [[tooMany('7'), tooMany('7')], [tooMany('3600')], [tooMany('soon')]]) {
    expect(
      await transportOf(...answers)
        .transport.get('/api/jobs')
        .catch(String),
    ).toContain('rate-limited');
  }
});

test('what is asked to be done is refused at once', async () => {
  const { transport, pauses } = transportOf(tooMany('7'), Response.json({}));
  expect(await transport.sendJson('POST', '/api/convert', {}).catch((error) => error)).toBeInstanceOf(UnavailableError);
  expect(pauses).toEqual([]);
});
