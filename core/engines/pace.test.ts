import { describe, expect, test } from 'bun:test';
import { CancelledError } from '../errors.ts';
import { createPace } from './pace.ts';

describe('pace of long work', () => {
  test('turns stages into one progress by their weights', async () => {
    const seen: number[] = [];
    const pace = createPace({ load: 1, work: 3 }, { onProgress: (fraction) => seen.push(fraction) });
    await pace('load', 0.5);
    await pace('load', 1);
    await pace('work', 0.5);
    expect(seen).toEqual([0.125, 0.25, 0.625]);
  });

  test('never reports less than before, nor the end', async () => {
    const seen: number[] = [];
    const pace = createPace({ a: 1, b: 1 }, { onProgress: (fraction) => seen.push(fraction) });
    await pace('b', 0.5);
    await pace('a', 1);
    await pace('b', 1);
    expect(seen).toEqual([0.75]);
  });

  test('throws once the signal is aborted', async () => {
    const controller = new AbortController();
    const pace = createPace({ a: 1 }, { signal: controller.signal });
    await pace('a', 0.5);
    controller.abort();
    await expect(pace('a', 0.6)).rejects.toBeInstanceOf(CancelledError);
  });

  test('gives other tasks a turn during long work', async () => {
    const pace = createPace({ a: 1 });
    let turns = 0;
    const timer = setInterval(() => turns++, 0);
    const end = Date.now() + 200;
    while (Date.now() < end) await pace('a', 0);
    clearInterval(timer);
    expect(turns).toBeGreaterThan(0);
  });
});
