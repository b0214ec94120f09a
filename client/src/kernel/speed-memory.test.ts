import { expect, test } from 'bun:test';
import { createMemoryStorage } from './settings-storage.ts';
import { createSpeedMemory } from './speed-memory.ts';

test('speeds are kept for each place, each engine and each version of the browser', () => {
  const storage = createMemoryStorage();
  createSpeedMemory(storage, 'Browser 1').remember('browser', 'mini', 20);
  expect(createSpeedMemory(storage, 'Browser 1').speed('browser', 'mini')).toBe(20);
  expect(createSpeedMemory(storage, 'Browser 1').speed('browser', 'seed-vc-fast')).toBeUndefined();
  expect(createSpeedMemory(storage, 'Browser 1').speed('server', 'mini')).toBeUndefined();
  expect(createSpeedMemory(storage, 'Browser 2').speed('browser', 'mini')).toBeUndefined();
});

test('what is no speed is neither kept nor read', () => {
  const storage = createMemoryStorage();
  const speeds = createSpeedMemory(storage, 'Browser');
  speeds.remember('server', 'mini', Number.POSITIVE_INFINITY);
  speeds.remember('server', 'mini', 0);
  expect(speeds.speed('server', 'mini')).toBeUndefined();
  storage.setItem('giong.speed.server.mini.Browser', 'fast');
  expect(speeds.speed('server', 'mini')).toBeUndefined();
});
