import { afterEach, beforeEach, expect, test } from 'bun:test';
import { ApiKeyRepository } from './api-keys.ts';
import { type Database, openDatabase } from './database.ts';

let database: Database;
let time: number;
let keys: ApiKeyRepository;
beforeEach(async () => {
  database = await openDatabase(':memory:');
  time = Date.parse('2026-01-01T00:00:00Z');
  keys = new ApiKeyRepository(database, () => new Date(time));
});
afterEach(() => database.destroy());

const studio = { workspaceId: 'w_1', name: 'Phòng thu', priority: 'paid' } as const;

test('a key opens what it was made for until it is revoked, and stands nowhere in the database', async () => {
  const { key, row } = await keys.create(studio);
  expect(key).toMatch(/^giong_[\w-]{43}$/);
  expect(await keys.open(key)).toMatchObject({ workspace_id: 'w_1', priority: 'paid' });
  expect(await keys.open(`${key}x`)).toBeUndefined();
  expect(JSON.stringify(await database.selectFrom('api_keys').selectAll().execute())).not.toContain(key.slice(6, 40));
  expect(await keys.revoke(row.id, 'w_2')).toBe(false);
  expect(await keys.revoke(row.id, 'w_1')).toBe(true);
  expect(await keys.revoke(row.id, 'w_1')).toBe(false);
  expect(await keys.open(key)).toBeUndefined();
});

test('a list holds the keys of its workspace, and when they were last used, to the minute', async () => {
  const { key, row } = await keys.create(studio);
  await keys.create({ ...studio, workspaceId: 'w_2' });
  const lastUsed = async () => (await keys.list('w_1')).map((each) => each.last_used_at);
  expect(await keys.list('w_1')).toEqual([row]);
  expect(await keys.list()).toHaveLength(2);
  time += 5000;
  await keys.open(key);
  time += 5000;
  await keys.open(key);
  expect(await lastUsed()).toEqual(['2026-01-01T00:00:05.000Z']);
  time += 60_000;
  await keys.open(key);
  expect(await lastUsed()).toEqual(['2026-01-01T00:01:10.000Z']);
});
