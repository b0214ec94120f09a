import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { type Database, openDatabase } from './database.ts';
import { SessionRepository } from './sessions.ts';

const minute = 60_000;
const day = 24 * 60 * minute;

let database: Database;
let time: number;
let sessions: SessionRepository;
beforeEach(async () => {
  database = await openDatabase(':memory:');
  time = Date.parse('2026-01-01T00:00:00Z');
  sessions = new SessionRepository(database, () => new Date(time));
});
afterEach(() => database.destroy());

async function opens(token: string): Promise<string | undefined> {
  return (await sessions.open(token))?.workspaceId;
}

/** A session that is a week old, and the token that came in its place. */
async function renewed() {
  const { token, workspaceId } = await sessions.create();
  time += 8 * day;
  const opened = await sessions.open(token);
  if (!opened?.successor) throw new Error('no successor');
  return { token, workspaceId, successor: opened.successor };
}

describe("a session's token", () => {
  test('is renewed after a week; of requests at the same time one brings the new one', async () => {
    const { token, workspaceId } = await sessions.create();
    time += 6 * day;
    expect(await sessions.open(token)).toEqual({ workspaceId });
    time += 2 * day;
    const opened = await Promise.all(Array.from({ length: 5 }, () => sessions.open(token)));
    expect(opened.map((each) => each?.workspaceId)).toEqual(Array(5).fill(workspaceId));
    expect(opened.filter((each) => each?.successor)).toHaveLength(1);
  });

  test('goes on until the new one is used, and a minute longer for requests under way', async () => {
    const { token, workspaceId, successor } = await renewed();
    time += day / 2;
    expect(await opens(token)).toBe(workspaceId);
    expect(await sessions.open(successor)).toEqual({ workspaceId });
    expect(await sessions.open(token)).toEqual({ workspaceId });
    time += 2 * minute;
    expect(await opens(token)).toBeUndefined();
    time += 3 * day;
    expect(await opens(successor)).toBe(workspaceId);
  });

  test('brings another new one when the first was lost on its way', async () => {
    const { token, workspaceId, successor } = await renewed();
    expect(await sessions.open(token)).toEqual({ workspaceId });
    time += 2 * day;
    const again = await sessions.open(token);
    expect(again?.successor).toBeDefined();
    expect(await opens(successor)).toBeUndefined();
    expect(await opens(again?.successor ?? '')).toBe(workspaceId);
  });

  test('ends a year after the last visit', async () => {
    const { token, workspaceId } = await sessions.create();
    time += 364 * day;
    expect(await opens(token)).toBe(workspaceId);
    time += 2 * day;
    expect(await opens(token)).toBeUndefined();
  });

  test('opens nothing once it is forgotten, nor do those before and after it', async () => {
    const other = await sessions.create();
    for (const which of ['token', 'successor', 'used successor'] as const) {
      const tokens = await renewed();
      if (which === 'used successor') await sessions.open(tokens.successor);
      await sessions.forget(which === 'token' ? tokens.token : tokens.successor);
      expect([await opens(tokens.token), await opens(tokens.successor)]).toEqual([undefined, undefined]);
    }
    expect(await opens(other.token)).toBe(other.workspaceId);
  });

  test('of an older version is taken, and renewed', async () => {
    const { token, workspaceId } = await sessions.create();
    await database.updateTable('sessions').set({ expires_at: null }).execute();
    time += 400 * day;
    const opened = await sessions.open(token);
    expect(opened).toEqual({ workspaceId, successor: expect.any(String) });
    await sessions.open(opened?.successor ?? '');
    time += 2 * minute;
    expect(await opens(token)).toBeUndefined();
  });
});
