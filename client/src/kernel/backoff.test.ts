import { expect, test } from 'bun:test';
import { backoffMilliseconds } from './backoff.ts';

test('the wait doubles with each try', () => {
  expect([0, 1, 2, 3].map((attempt) => backoffMilliseconds(attempt, 1))).toEqual([500, 1000, 2000, 4000]);
});

test('the wait stays at 15 s however often it failed', () => {
  expect(backoffMilliseconds(5, 1)).toBe(15_000);
  expect(backoffMilliseconds(5000, 1)).toBe(15_000);
});

test('clients spread over the second half of the wait', () => {
  expect(backoffMilliseconds(3, 0)).toBe(2000);
  expect(backoffMilliseconds(3, 0.5)).toBe(3000);
});
