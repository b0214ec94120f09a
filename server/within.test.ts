import { expect, test } from 'bun:test';
import { within } from './within.ts';

/** Longer than any test waits. */
const long = 3_600_000;

test('what comes in time is the answer', async () => {
  expect(await within(long, Promise.resolve(7), 'late')).toBe(7);
});

test('what fails in time fails', async () => {
  expect(within(long, Promise.reject(new Error('broken')), 'late')).rejects.toThrow('broken');
});

test('who is late is not waited for, and harms nobody by failing afterwards', async () => {
  const { promise, reject } = Promise.withResolvers<never>();
  expect(await within(1, promise, 'late')).toBe('late');
  reject(new Error('broken'));
});
