import { expect, test } from 'bun:test';
import type { Engine } from './engine.ts';
import { EnginePool } from './pool.ts';

const unused = () => Promise.reject(new Error('not used here'));
const engineWith = (dispose: () => Promise<void>): Engine => ({
  id: 'test',
  profile: unused,
  convert: unused,
  dispose,
});

test('an engine loads once, for however many tasks, and serves them one after another', async () => {
  const events: string[] = [];
  const pool = new EnginePool(async (id) => {
    events.push(`load ${id}`);
    return engineWith(async () => void events.push('dispose'));
  });
  const task = (name: string) => async () => {
    events.push(`begin ${name}`);
    await Promise.resolve();
    events.push(`end ${name}`);
    return name;
  };
  expect(await Promise.all([pool.use('a', task('1')), pool.use('a', task('2'))])).toEqual(['1', '2']);
  const last = pool.use('a', task('3'));
  await pool.dispose();
  expect(await last).toBe('3');
  expect(events).toEqual(['load a', 'begin 1', 'end 1', 'begin 2', 'end 2', 'begin 3', 'end 3', 'dispose']);
});

test('a failed task does not stop those behind it', async () => {
  const pool = new EnginePool(async () => engineWith(async () => {}));
  const failing = pool.use('a', () => Promise.reject(new Error('broken')));
  const following = pool.use('a', async () => 'fine');
  expect(failing).rejects.toThrow('broken');
  expect(await following).toBe('fine');
});

test('a failed load is forgotten: the next task tries again', async () => {
  let tries = 0;
  const pool = new EnginePool(async () => {
    tries++;
    if (tries === 1) throw new Error('offline');
    return engineWith(async () => {});
  });
  expect(pool.use('a', async () => 1)).rejects.toThrow('offline');
  expect(await pool.use('a', async () => 2)).toBe(2);
  expect(tries).toBe(2);
});

test('beyond its budget it unloads the engine that was unused longest, and none that is in use', async () => {
  const events: string[] = [];
  const pool = new EnginePool(async (id) => {
    events.push(`load ${id}`);
    return { ...engineWith(async () => void events.push(`dispose ${id}`)), id, modelBytes: 40 };
  }, 100);
  const nothing = async () => {};
  await pool.use('a', nothing);
  await pool.use('b', nothing);
  await pool.use('a', nothing);
  await pool.use('c', nothing);
  expect(events).toEqual(['load a', 'load b', 'load c', 'dispose b']);
  const { promise, resolve } = Promise.withResolvers<void>();
  const long = pool.use('a', () => promise);
  await pool.use('d', nothing);
  await pool.use('e', nothing);
  expect(events.slice(4)).toEqual(['load d', 'dispose c', 'load e', 'dispose d']);
  resolve();
  await long;
  await pool.use('c', nothing);
  expect(events.slice(8)).toEqual(['load c', 'dispose a']);
});

test('an engine that alone is beyond the budget works all the same', async () => {
  const pool = new EnginePool(async () => ({ ...engineWith(async () => {}), modelBytes: 1000 }), 100);
  expect(await pool.use('a', async () => 1)).toBe(1);
  expect(await pool.use('a', async () => 2)).toBe(2);
});
