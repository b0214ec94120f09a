import { expect, test } from 'bun:test';
import { emptySeries, recorded } from './series.ts';

test('grows by a moment, and lets go of what is older than asked for', () => {
  let series = emptySeries;
  for (const time of [0, 2, 4, 6]) series = recorded(series, time, [time * 10, null], 4);
  expect(series).toEqual({
    times: [2, 4, 6],
    lines: [
      [20, 40, 60],
      [null, null, null],
    ],
  });
});

test('after a long pause only the new moment is left', () => {
  const series = recorded(recorded(emptySeries, 0, [1], 10), 100, [2], 10);
  expect(series).toEqual({ times: [100], lines: [[2]] });
});

test('lines may come and go with the cores of the machine that answers', () => {
  const two = recorded(recorded(emptySeries, 0, [1], 10), 1, [2, 5], 10);
  expect(two.lines).toEqual([
    [1, 2],
    [null, 5],
  ]);
  expect(recorded(two, 2, [3], 10).lines).toEqual([[1, 2, 3]]);
});
