import { expect, test } from 'bun:test';
import { CancelledError, InputError, UnavailableError } from '#core/errors.ts';
import { ServerUnreachableError } from './api-errors.ts';
import { type ConvertAt, runConversion } from './conversion.ts';
import type { ConversionOrder } from './conversion-order.ts';
import type { Place, PlacePreference } from './where-to-run.ts';

const recording = { kind: 'file', name: 'a.wav', blob: new Blob(['a']), origin: 'file' } as const;
const order: ConversionOrder = { source: recording, voice: recording, settings: {} };
const file = new Blob(['result']);
const succeeds: ConvertAt = async () => file;
const failsWith =
  (error: unknown): ConvertAt =>
  async () => {
    throw error;
  };

function run(
  places: Record<Place, ConvertAt>,
  { first = 'browser', preference = 'auto' }: { first?: Place; preference?: PlacePreference } = {},
  controller = new AbortController(),
) {
  const visited: unknown[] = [];
  let clock = 0;
  const outcome = runConversion(
    order,
    { first, preference },
    {
      signal: controller.signal,
      onStage: () => undefined,
      onConnected: () => undefined,
      onPlace: (place, fellBack) => visited.push([place, fellBack]),
    },
    {
      places,
      now: () => {
        clock += 1500;
        return clock;
      },
    },
  );
  return { outcome, visited };
}

test('the chosen place converts, and its time is told', async () => {
  const { outcome } = run({ browser: succeeds, server: failsWith(new Error('not asked')) });
  expect(await outcome).toEqual({ file, place: 'browser', fellBack: false, seconds: 1.5 });
});

test('what this device cannot do, the server does', async () => {
  const { outcome, visited } = run({ browser: failsWith(new UnavailableError('model-missing')), server: succeeds });
  expect(await outcome).toEqual({ file, place: 'server', fellBack: true, seconds: 1.5 });
  expect(visited).toEqual([
    ['browser', false],
    ['server', true],
  ]);
});

test('when the server does not answer, this device does it', async () => {
  const { outcome } = run({ browser: succeeds, server: failsWith(new ServerUnreachableError()) }, { first: 'server' });
  expect(await outcome).toMatchObject({ place: 'browser', fellBack: true });
});

test('a recording is not sent off when the user asked for this device', async () => {
  const failure = new UnavailableError('model-missing');
  const { outcome, visited } = run({ browser: failsWith(failure), server: succeeds }, { preference: 'browser' });
  expect(await outcome.catch((error) => error)).toBe(failure);
  expect(visited).toEqual([['browser', false]]);
});

test('wrong input and a busy server are told, not worked around', async () => {
  const wrong = new InputError('audio-silent');
  expect(await run({ browser: failsWith(wrong), server: succeeds }).outcome.catch((error) => error)).toBe(wrong);
  const busy = new UnavailableError('busy');
  const atServer = run({ browser: succeeds, server: failsWith(busy) }, { first: 'server' });
  expect(await atServer.outcome.catch((error) => error)).toBe(busy);
});

test('whatever a stopped conversion throws, it counts as cancelled and nothing is tried after it', async () => {
  const controller = new AbortController();
  const stops: ConvertAt = async () => {
    controller.abort();
    throw new DOMException('aborted', 'AbortError');
  };
  const { outcome, visited } = run({ browser: stops, server: succeeds }, {}, controller);
  expect(await outcome.catch((error) => error)).toBeInstanceOf(CancelledError);
  expect(visited).toHaveLength(1);
});
