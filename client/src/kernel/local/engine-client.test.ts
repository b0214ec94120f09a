import { expect, test } from 'bun:test';
import { CancelledError, InputError, UnavailableError } from '#core/errors.ts';
import { createLocalEngine, type WorkerLike } from './engine-client.ts';
import { failureOf } from './failure.ts';
import type { LocalReply, LocalRequest, LocalResult } from './protocol.ts';

class FakeWorker implements WorkerLike {
  onmessage: WorkerLike['onmessage'] = null;
  onerror: WorkerLike['onerror'] = null;
  onmessageerror: WorkerLike['onmessageerror'] = null;
  readonly asked: LocalRequest[] = [];
  terminated = false;

  postMessage(message: LocalRequest): void {
    this.asked.push(message);
  }
  terminate(): void {
    this.terminated = true;
  }
  answers(data: LocalReply): void {
    this.onmessage?.(new MessageEvent('message', { data }));
  }
}

function setUp() {
  const workers: FakeWorker[] = [];
  const engine = createLocalEngine(() => {
    const worker = new FakeWorker();
    workers.push(worker);
    return worker;
  });
  return { engine, workers };
}

const conversion = () => ({ source: new ArrayBuffer(1), reference: new ArrayBuffer(1), settings: {} });
const result: LocalResult = { bytes: new Uint8Array(1), mediaType: 'audio/wav' };

test('the worker starts with the first request and serves the next ones', () => {
  const { engine, workers } = setUp();
  expect(workers).toHaveLength(0);
  void engine.decode(new ArrayBuffer(1)).catch(() => undefined);
  void engine.convert(conversion()).catch(() => undefined);
  expect(workers).toHaveLength(1);
  expect(workers[0]?.asked.map(({ type }) => type)).toEqual(['decode', 'convert']);
  engine.dispose();
});

test('each answer reaches the one who asked, in whatever order they come', async () => {
  const { engine, workers } = setUp();
  const progress: number[] = [];
  const first = engine.convert(conversion(), { onProgress: (fraction) => progress.push(fraction) });
  const second = engine.decode(new ArrayBuffer(1));
  const other = { ...result, mediaType: 'audio/mpeg' };
  workers[0]?.answers({ id: 2, type: 'done', result: other });
  workers[0]?.answers({ id: 1, type: 'progress', fraction: 0.5 });
  workers[0]?.answers({ id: 1, type: 'done', result });
  workers[0]?.answers({ id: 1, type: 'progress', fraction: 0.9 });
  workers[0]?.answers({ id: 99, type: 'done', result });
  expect(await first).toEqual(result);
  expect(await second).toEqual(other);
  expect(progress).toEqual([0.5]);
});

test('two voices are compared by handing the recordings over', async () => {
  const { engine, workers } = setUp();
  const comparison = { result: new ArrayBuffer(1), references: [new ArrayBuffer(2)] };
  const comparing = engine.similarity(comparison);
  expect(workers[0]?.asked).toEqual([{ id: 1, type: 'similarity', comparison }]);
  workers[0]?.answers({ id: 1, type: 'done', result: { similarity: 0.7 } });
  expect(await comparing).toEqual({ similarity: 0.7 });
});

test('an error keeps its class, code and details on its way between threads', async () => {
  const { engine, workers } = setUp();
  const failing = engine.convert(conversion());
  workers[0]?.answers({ id: 1, type: 'failed', failure: failureOf(new InputError('audio-too-long', { limit: 5 })) });
  const error = await failing.catch((reason) => reason);
  expect(error).toBeInstanceOf(InputError);
  expect(error).toMatchObject({ code: 'audio-too-long', details: { limit: 5 } });
  expect(failureOf(new UnavailableError('model-missing')).kind).toBe('unavailable');
  expect(failureOf(new CancelledError()).kind).toBe('cancelled');
  expect(failureOf(new RangeError('out of memory'))).toMatchObject({ kind: 'other', code: 'internal' });
});

test('aborting asks the worker to cancel and leaves the answer to it', async () => {
  const { engine, workers } = setUp();
  const controller = new AbortController();
  const cancelled = engine.convert(conversion(), { signal: controller.signal });
  controller.abort();
  expect(workers[0]?.asked.at(-1)).toEqual({ id: 1, type: 'cancel' });
  workers[0]?.answers({ id: 1, type: 'failed', failure: failureOf(new CancelledError()) });
  expect(await cancelled.catch((reason) => reason)).toBeInstanceOf(CancelledError);
  expect(await engine.convert(conversion(), { signal: controller.signal }).catch((reason) => reason)).toBeInstanceOf(
    CancelledError,
  );
  expect(workers[0]?.asked).toHaveLength(2);
});

test('a worker that dies fails all that waited, and the next request gets a fresh one', async () => {
  const { engine, workers } = setUp();
  const waiting = [engine.convert(conversion()), engine.decode(new ArrayBuffer(1))];
  workers[0]?.onerror?.(new ErrorEvent('error', { message: 'out of memory' }));
  for (const each of waiting) expect(await each.catch((reason) => reason)).toBeInstanceOf(UnavailableError);
  expect(workers[0]?.terminated).toBe(true);
  const next = engine.convert(conversion());
  workers[1]?.answers({ id: 3, type: 'done', result });
  expect(await next).toEqual(result);
});

test('disposing leaves nobody waiting', async () => {
  const { engine, workers } = setUp();
  const waiting = engine.convert(conversion());
  engine.dispose();
  expect(await waiting.catch((reason) => reason)).toBeInstanceOf(CancelledError);
  expect(workers[0]?.terminated).toBe(true);
});
