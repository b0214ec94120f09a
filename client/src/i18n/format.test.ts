import { expect, test } from 'bun:test';
import { formatClock, formatDuration, formatNumber, formatPercent, formatSigned } from './format.ts';

test('a position reads as minutes and seconds, with hours where needed', () => {
  expect([0, 59.9, 65, 3600 + 2 * 60 + 9].map(formatClock)).toEqual(['0:00', '0:59', '1:05', '1:02:09']);
});

test('a position that is not known reads as zero', () => {
  expect([Number.NaN, -3, Number.POSITIVE_INFINITY].map(formatClock)).toEqual(['0:00', '0:00', '0:00']);
});

test('durations have one decimal below ten seconds, in the notation of the language', () => {
  expect(formatDuration(0.84, 'vi')).toBe('0,8 giây');
  expect(formatDuration(0.84, 'en')).toBe('0.8 seconds');
  expect(formatDuration(12.4, 'vi')).toBe('12 giây');
});

test('durations never show sixty seconds', () => {
  expect(formatDuration(9.97, 'vi')).toBe('10 giây');
  expect(formatDuration(59.8, 'vi')).toBe('1 phút');
  expect(formatDuration(61, 'en')).toBe('1 minute 1 second');
  expect(formatDuration(150, 'vi')).toBe('2 phút 30 giây');
});

test('only what is finished is at 100 percent', () => {
  expect([-1, 0, 0.425, 0.999, 1, 2].map(formatPercent)).toEqual(['0%', '0%', '43%', '99%', '100%', '100%']);
});

test('numbers follow the language', () => {
  expect(formatNumber(11.26, 1, 'vi')).toBe('11,3');
  expect(formatSigned(2.5, 'vi')).toBe('+2,5');
  expect(formatSigned(0, 'en')).toBe('0');
});
