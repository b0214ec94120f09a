import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { CancelledError, InputError } from '#core/errors.ts';
import type { TricksHandlers, TricksSetup } from './fixtures/tricks-worker.ts';
import { WorkerPool } from './pool.ts';
import { spawnWorker, WorkerCrashError } from './worker-client.ts';

describe('worker pool', () => {
  let spawned = 0;
  let pool: WorkerPool<TricksHandlers>;
  beforeEach(() => {
    spawned = 0;
    pool = new WorkerPool<TricksHandlers>(1, () => {
      spawned++;
      return spawnWorker<TricksSetup>(new URL('./fixtures/tricks-worker.ts', import.meta.url), {
        greeting: 'xin chào',
      });
    });
  });
  afterEach(() => pool.stop());

  /** Calls a handler that reports progress when it has begun, and cancels it then. */
  async function cancelOnceBegun(method: 'computeUntilCancelled' | 'computeForever'): Promise<unknown> {
    const controller = new AbortController();
    return pool
      .run(method, null, { signal: controller.signal, onProgress: () => controller.abort() })
      .catch((error: unknown) => error);
  }

  test('answers with what the handler gives', async () => {
    expect(await pool.run('echo', 'xin chào')).toBe('xin chào');
  });

  test('handlers are made with what the worker was started with', async () => {
    expect(await pool.run('greet', 'Lan')).toBe('xin chào Lan');
  });

  test('calls beyond the number of workers wait, and use the same worker', async () => {
    const answers = await Promise.all(['a', 'b', 'c'].map((text) => pool.run('echo', text)));
    expect(answers).toEqual(['a', 'b', 'c']);
    expect(spawned).toBe(1);
    expect(pool.busy).toBe(0);
  });

  test('tells progress, thinned out, and always the end', async () => {
    const fractions: number[] = [];
    await pool.run('countTo', 10_000, { onProgress: (fraction) => fractions.push(fraction) });
    expect(fractions.at(-1)).toBe(1);
    expect(fractions.length).toBeLessThan(1000);
    expect(fractions).toEqual(fractions.toSorted((a, b) => a - b));
  });

  test('an error keeps its class, code and details', async () => {
    const error: unknown = await pool.run('refuse', { seconds: 7200 }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(InputError);
    expect(error).toMatchObject({ code: 'audio-too-long', details: { seconds: 7200 } });
  });

  test('a mistake in a handler is internal, with its stack for the log, and the worker lives on', async () => {
    const error: unknown = await pool.run('fail', undefined as never).catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      code: 'internal',
      cause: { stack: expect.stringContaining('a mistake in the code') },
    });
    expect(error).not.toBeInstanceOf(WorkerCrashError);
    await pool.run('echo', 'x');
    expect(spawned).toBe(1);
  });

  test('cancelling reaches a worker that computes without a pause, and spares it', async () => {
    expect(await cancelOnceBegun('computeUntilCancelled')).toBeInstanceOf(CancelledError);
    expect(await pool.run('echo', 'alive')).toBe('alive');
    expect(spawned).toBe(1);
  });

  test('a worker that does not heed cancelling is replaced', async () => {
    expect(await cancelOnceBegun('computeForever')).toBeInstanceOf(CancelledError);
    expect(await pool.run('echo', 'new')).toBe('new');
    expect(spawned).toBe(2);
  });

  test('a call that was cancelled while it waited never begins', async () => {
    const controller = new AbortController();
    const first = pool.run('countTo', 1000);
    const second = pool.run('echo', 'x', { signal: controller.signal });
    controller.abort();
    expect(await second.catch((error: unknown) => error)).toBeInstanceOf(CancelledError);
    expect(await first).toBe(1000);
  });

  test('a crash fails the call with its reason, and the next one gets a new worker', async () => {
    const error: unknown = await pool.run('crash', null).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(WorkerCrashError);
    expect(error).toHaveProperty('cause.message', expect.stringContaining('boom'));
    expect(await pool.run('echo', 'new')).toBe('new');
    expect(spawned).toBe(2);
  });

  test('stopping ends the running call', async () => {
    const running = pool.run('computeForever', null, { onProgress: () => pool.stop() });
    expect(await running.catch((error: unknown) => error)).toBeInstanceOf(CancelledError);
  });
});
