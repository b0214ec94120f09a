import { expect, test } from 'bun:test';
import { thatFit } from './that-fit.ts';

test('what is kept of many recordings is what has room, the first ones first', () => {
  const [a, b, c] = [30, 80, 20].map((bytes) => ({ blob: new Blob([new Uint8Array(bytes)]) })) as [
    { blob: Blob },
    { blob: Blob },
    { blob: Blob },
  ];
  expect(thatFit([a, b, c], 130)).toEqual([a, b, c]);
  expect(thatFit([a, b, c], 100)).toEqual([a, c]);
  expect(thatFit([b, a, c], 100)).toEqual([b, c]);
  expect(thatFit([], 0)).toEqual([]);
});
