import { expect, test } from 'bun:test';
import { latencyOf } from './latency.ts';

const second = (value: number) => new Date(value * 1000).toISOString();

test('half of the jobs, and all but the slowest twentieth, take no longer than it says', () => {
  const jobs = Array.from({ length: 40 }, (_, index) => ({
    createdAt: second(100),
    startedAt: second(110 + index),
    finishedAt: second(110 + index + 2 * (index + 1)),
  })).reverse();
  expect(latencyOf(jobs)).toEqual({ jobs: 40, wait: { p50: 29, p95: 47 }, work: { p50: 40, p95: 76 } });
});

test('one job is all of them, and none have no time', () => {
  const job = { createdAt: second(0), startedAt: second(1), finishedAt: second(4) };
  expect(latencyOf([job])).toEqual({ jobs: 1, wait: { p50: 1, p95: 1 }, work: { p50: 3, p95: 3 } });
  expect(latencyOf([])).toEqual({ jobs: 0, wait: null, work: null });
});

test('a host whose clock goes ahead makes no time negative', () => {
  const job = { createdAt: second(10), startedAt: second(8), finishedAt: second(12) };
  expect(latencyOf([job]).wait).toEqual({ p50: 0, p95: 0 });
});
