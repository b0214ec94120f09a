import { expect, test } from 'bun:test';
import { Throughput } from './throughput.ts';

test('counts what was done in a minute, and forgets what was long ago', () => {
  let now = 1000;
  const throughput = new Throughput(() => now);
  throughput.count();
  expect(throughput.perMinute).toBe(1);
  for (let job = 0; job < 9; job++) {
    now += 12_000;
    throughput.count();
  }
  now = 121_000;
  expect(throughput.perMinute).toBe(5);
  now = 1_000_000;
  expect(throughput.perMinute).toBe(0);
});
