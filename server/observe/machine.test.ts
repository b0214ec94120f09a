import { expect, test } from 'bun:test';
import { tmpdir } from 'node:os';
import { until } from '../../tests/services/until.ts';
import { diskSpace, Machine } from './machine.ts';

test('a core that computes shows, and so does an event loop that is held up', async () => {
  const machine = new Machine();
  try {
    const load = await until('a busy core', () => {
      // Holds this thread up, and with it a core.
      const end = performance.now() + 200;
      while (performance.now() < end);
      const { load } = machine;
      return Math.max(...load.cores) > 50 && load.delay.max > 0.1 && load;
    });
    expect(Math.max(...load.cores)).toBeLessThanOrEqual(100);
    expect(load.delay.p99).toBeGreaterThan(0.1);
    expect(load.delay.mean).toBeGreaterThan(0);
    for (const rate of [load.diskRead, load.diskWritten, load.networkReceived, load.networkSent]) {
      expect(rate).toBeGreaterThanOrEqual(0);
    }
  } finally {
    machine.close();
  }
});

test('a disk has no more room than size', async () => {
  const { totalBytes, freeBytes } = await diskSpace(tmpdir());
  expect(totalBytes).toBeGreaterThan(0);
  expect(freeBytes).toBeLessThanOrEqual(totalBytes);
});
