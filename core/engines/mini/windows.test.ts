import { expect, test } from 'bun:test';
import { windowsOf } from './windows.ts';

test('short sources are seen as a whole', () => {
  expect(windowsOf(1)).toEqual([{ start: 0, end: 1, from: 0, to: 1 }]);
  expect(windowsOf(2500)).toEqual([{ start: 0, end: 2500, from: 0, to: 2500 }]);
});

test('long sources are covered by windows that overlap by a second, start even and end with the source', () => {
  for (const frames of [2501, 3400, 3401, 3500, 60001]) {
    const windows = windowsOf(frames);
    expect(windows[0]?.start).toBe(0);
    expect(windows.at(-1)?.end).toBe(frames);
    for (const [i, { start, end, from, to }] of windows.entries()) {
      expect(from).toBe(windows[i - 1]?.to ?? 0);
      expect(to).toBeLessThanOrEqual(end);
      expect(start % 2).toBe(0);
      expect(end - start).toBeGreaterThan(100);
      const before = windows[i - 1];
      if (before) expect(before.end - start).toBe(100);
    }
  }
});
