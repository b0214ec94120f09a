import { expect, test } from 'bun:test';
import { readingOf } from './similarity-reading.ts';

test.each([
  [1, 'very'],
  [0.75, 'very'],
  [0.749, 'fairly'],
  [0.6, 'fairly'],
  [0.45, 'slightly'],
  [0.449, 'different'],
  [0, 'different'],
  [-0.2, 'different'],
] as const)('a similarity of %p is read as %p', (similarity, reading) => {
  expect(readingOf(similarity)).toBe(reading);
});
