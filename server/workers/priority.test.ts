import { expect, test } from 'bun:test';
import { getPriority } from 'node:os';

test.skipIf(process.platform !== 'linux')('a worker goes after the thread that started it', async () => {
  const before = getPriority();
  const worker = new Worker(new URL('./fixtures/yielding-worker.ts', import.meta.url).href);
  const { promise, resolve } = Promise.withResolvers<number>();
  worker.addEventListener('message', ({ data }: MessageEvent<number>) => resolve(data));
  expect(await promise).toBeGreaterThan(before);
  expect(getPriority()).toBe(before);
  worker.terminate();
});
