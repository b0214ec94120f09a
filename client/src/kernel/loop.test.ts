import { expect, test } from 'bun:test';
import { loopBetween, withEnd, withStart } from './loop.ts';

test('two instants in either order make a loop, within the recording', () => {
  expect(loopBetween(2, 5, 10)).toEqual({ start: 2, end: 5 });
  expect(loopBetween(5, 2, 10)).toEqual({ start: 2, end: 5 });
  expect(loopBetween(-3, 12, 10)).toEqual({ start: 0, end: 10 });
});

test('a loop that nobody could listen to is none', () => {
  expect(loopBetween(3, 3.05, 10)).toBeUndefined();
  expect(loopBetween(11, 12, 10)).toBeUndefined();
});

test('its ends move one by one', () => {
  expect(withStart(undefined, 4, 10)).toEqual({ start: 4, end: 10 });
  expect(withEnd(undefined, 4, 10)).toEqual({ start: 0, end: 4 });
  expect(withEnd({ start: 2, end: 10 }, 5, 10)).toEqual({ start: 2, end: 5 });
  expect(withStart({ start: 2, end: 5 }, 3, 10)).toEqual({ start: 3, end: 5 });
});

test('an end that passes the other begins a new loop', () => {
  expect(withStart({ start: 2, end: 5 }, 7, 10)).toEqual({ start: 7, end: 10 });
  expect(withEnd({ start: 6, end: 9 }, 3, 10)).toEqual({ start: 0, end: 3 });
  expect(withStart(undefined, 10, 10)).toBeUndefined();
});
