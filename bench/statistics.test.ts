import { expect, test } from 'bun:test';
import { median } from './statistics.ts';

test('the median is the middle, whatever the order', () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 3, 2])).toBe(2.5);
  expect(median([])).toBeNaN();
});
