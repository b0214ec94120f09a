import { expect, test } from 'bun:test';
import { createMemoryStorage } from './settings-storage.ts';
import { createSpeedMemory } from './speed-memory.ts';

test('speeds are kept for each place and each version of the browser', () => {
  const storage = createMemoryStorage();
  createSpeedMemory(storage, 'Browser 1').remember('browser', 20);
  expect(createSpeedMemory(storage, 'Browser 1').speed('browser')).toBe(20);
  expect(createSpeedMemory(storage, 'Browser 1').speed('server')).toBeUndefined();
  expect(createSpeedMemory(storage, 'Browser 2').speed('browser')).toBeUndefined();
});

test('what is no speed is neither kept nor read', () => {
  const storage = createMemoryStorage();
  const speeds = createSpeedMemory(storage, 'Browser');
  speeds.remember('server', Number.POSITIVE_INFINITY);
  speeds.remember('server', 0);
  expect(speeds.speed('server')).toBeUndefined();
  storage.setItem('giong.speed.server.Browser', 'fast');
  expect(speeds.speed('server')).toBeUndefined();
});
