import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { readFileSync } from 'node:fs';
import pino from 'pino';
import { CancelledError, InputError } from '#core/errors.ts';
import { allowedCores, coresFor } from './affinity.ts';
import type { TricksHandlers, TricksSetup } from './fixtures/tricks-worker.ts';
import { type PoolOptions, WorkerPool } from './pool.ts';
import { spawnWorker, WorkerCrashError } from './worker-client.ts';

describe('worker pool', () => {
  let spawned = 0;
  let pool: WorkerPool<TricksHandlers>;
  let logged: Record<string, unknown>[];
  const log = pino({ base: null }, { write: (line: string) => logged.push(JSON.parse(line)) });
  const createPool = (size: number, options: PoolOptions = {}) => {
    spawned = 0;
    logged = [];
    const spawn = () => {
      spawned++;
      return spawnWorker<TricksSetup>(new URL('./fixtures/tricks-worker.ts', import.meta.url), {
        greeting: 'xin chào',
      });
    };
    return new WorkerPool<TricksHandlers>(size, spawn, { log, ...options });
  };
  beforeEach(() => {
    pool = createPool(1);
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

  test('an end is logged with its reason and counted', async () => {
    await pool.run('crash', null).catch(() => {});
    const error: unknown = await pool.run('exit', 3).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(WorkerCrashError);
    expect(logged).toMatchObject([
      { end: 'crashed', reason: expect.stringContaining('boom') },
      { end: 'crashed', reason: 'the thread ended with exit code 3' },
    ]);
    expect(pool.replacements).toEqual({ crashed: 2, stuck: 0, memory: 0 });
  });

  /** A call that lasts until the test lets it end; resolves once it has begun. */
  async function startCall() {
    const flag = new Int32Array(new SharedArrayBuffer(4));
    const begun = Promise.withResolvers<void>();
    const call = pool.run('waitFor', flag, { onProgress: () => begun.resolve() });
    const release = () => {
      Atomics.store(flag, 0, 1);
      Atomics.notify(flag, 0);
      return call;
    };
    return { begun: begun.promise, release };
  }

  test('grows at once: a waiting call begins', async () => {
    const [first, second] = [await startCall(), await startCall()];
    await first.begun;
    expect(pool.busy).toBe(1);
    pool.resize(2);
    await second.begun;
    expect(pool).toMatchObject({ size: 2, busy: 2, idle: 0 });
    expect(await Promise.all([second.release(), first.release()])).toEqual(['released', 'released']);
  });

  test('shrinks by idle workers at once, by busy ones when their calls have ended', async () => {
    pool = createPool(4);
    const [first, second] = [await startCall(), await startCall()];
    await Promise.all([first.begun, second.begun]);
    pool.resize(1);
    expect(pool).toMatchObject({ size: 1, busy: 2, idle: 0 });
    expect(await first.release()).toBe('released');
    expect(pool).toMatchObject({ size: 1, busy: 1, idle: 0 });
    expect(await second.release()).toBe('released');
    expect(pool).toMatchObject({ size: 1, busy: 0, idle: 1 });
    expect(pool.replacements).toEqual({ crashed: 0, stuck: 0, memory: 0 });
  });

  test('without workers calls wait until there are some', async () => {
    pool = createPool(0);
    const answer = pool.run('echo', 'late');
    pool.resize(1);
    expect(await answer).toBe('late');
  });

  test('a call that waits is cancelled at once', async () => {
    pool = createPool(0);
    const controller = new AbortController();
    const waiting = pool.run('echo', 'never', { signal: controller.signal });
    controller.abort();
    expect(await waiting.catch((error: unknown) => error)).toBeInstanceOf(CancelledError);
    const late = pool.run('echo', 'never', { signal: controller.signal });
    expect(await late.catch((error: unknown) => error)).toBeInstanceOf(CancelledError);
    pool.resize(1);
    expect(await pool.run('echo', 'next')).toBe('next');
  });

  test('work beyond its time limit is stopped, and the worker that heeds it is spared', async () => {
    const error: unknown = await pool
      .run('computeUntilCancelled', null, { limitSeconds: 0.01 })
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'job-timeout', details: { limit: 0.01 } });
    expect(await pool.run('echo', 'alive')).toBe('alive');
    expect(spawned).toBe(1);
  });

  test('work that never ends costs its worker, which is replaced', async () => {
    const error: unknown = await pool
      .run('computeForever', null, { limitSeconds: 0.01 })
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'job-timeout' });
    expect(await pool.run('echo', 'new')).toBe('new');
    expect(spawned).toBe(2);
    expect(pool.replacements).toEqual({ crashed: 0, stuck: 1, memory: 0 });
    expect(logged).toMatchObject([{ end: 'stuck', reason: 'job-timeout' }]);
  });

  test('a worker that keeps more than its budget is replaced after the call, one that only leaves garbage is not', async () => {
    pool = createPool(1, { workerMemory: 60 * 2 ** 20 });
    const bytes = 100 * 2 ** 20;
    expect(await pool.run('takeMemory', { bytes, keep: false })).toBe(bytes);
    expect(logged).toEqual([]);
    expect(await pool.run('takeMemory', { bytes, keep: true })).toBe(bytes);
    expect(logged).toMatchObject([{ whose: 'worker', budget: 60 * 2 ** 20 }]);
    expect(Number(logged[0]?.bytes)).toBeGreaterThan(bytes);
    expect(await pool.run('echo', 'new')).toBe('new');
    expect(spawned).toBe(2);
    expect(pool.replacements).toEqual({ crashed: 0, stuck: 0, memory: 1 });
    expect(pool.usage.memoryBytes).toBeLessThan(60 * 2 ** 20);
  });

  test('a process beyond its budget loses its largest worker', async () => {
    pool = createPool(2, { processMemory: 1 });
    const [small, large] = [await startCall(), await startCall()];
    await Promise.all([small.begun, large.begun]);
    await small.release();
    expect(logged).toMatchObject([{ whose: 'process', budget: 1 }]);
    await large.release();
    expect(spawned).toBe(2);
    expect(pool.replacements.memory).toBe(1);
  });

  test.if(process.platform === 'linux')(
    'each worker runs on its own cores, and on others once there are more',
    async () => {
      const cores = allowedCores();
      pool = createPool(2, { cores });
      const coresOfThread = async () => {
        const id = await pool.run('threadId', undefined as never);
        const status = readFileSync(`/proc/self/task/${id}/status`, 'utf8');
        return /^Cpus_allowed_list:\s*(.*)$/m.exec(status)?.[1];
      };
      const lists = await Promise.all([coresOfThread(), coresOfThread()]);
      const expected = (workers: number) =>
        Array.from({ length: workers }, (_, index) => listOf(coresFor(index, workers, cores)));
      expect(lists.toSorted()).toEqual(expected(2).toSorted());
      const workers = Math.min(64, cores.length + 1);
      pool.resize(workers);
      const more = await Promise.all(Array.from({ length: workers }, coresOfThread));
      expect(more.toSorted()).toEqual(expected(workers).toSorted());
    },
  );

  test('cores that do not exist are told once, and the work goes on', async () => {
    pool = createPool(1, { cores: [1000] });
    expect(await pool.run('echo', 'a')).toBe('a');
    expect(await pool.run('echo', 'b')).toBe('b');
    expect(logged).toMatchObject([{ msg: 'workers are not pinned to cores' }]);
  });

  test('stopping ends the running call and the ones that wait', async () => {
    const running = pool.run('computeForever', null, { onProgress: () => pool.stop() });
    const waiting = pool.run('echo', 'never');
    expect(await running.catch((error: unknown) => error)).toBeInstanceOf(CancelledError);
    expect(await waiting.catch((error: unknown) => error)).toBeInstanceOf(CancelledError);
  });
});

/** As the kernel writes a list of cores: `0-2,5`. */
function listOf(cores: readonly number[]): string {
  const ranges: [number, number][] = [];
  for (const core of cores) {
    const last = ranges.at(-1);
    if (last && last[1] === core - 1) last[1] = core;
    else ranges.push([core, core]);
  }
  return ranges.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(',');
}

describe('dealing out cores', () => {
  test('as many workers as cores or more: one core each, in turn', () => {
    const cores = [0, 2, 4];
    expect([0, 1, 2, 3, 4].map((index) => coresFor(index, 5, cores))).toEqual([[0], [2], [4], [0], [2]]);
    expect([0, 1, 2].map((index) => coresFor(index, 3, cores))).toEqual([[0], [2], [4]]);
  });

  test('fewer workers: all cores are dealt out', () => {
    expect([0, 1].map((index) => coresFor(index, 2, [0, 1, 2, 3, 4]))).toEqual([
      [0, 2, 4],
      [1, 3],
    ]);
    expect(coresFor(0, 1, [3, 7])).toEqual([3, 7]);
  });
});
