import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'bun:test';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Postgres, startPostgres } from '../../tests/services/postgres.ts';
import { isInstalled, needs } from '../../tests/services/programs.ts';
import { type Database, openDatabase } from './database.ts';
import { answerLifetime, IdempotencyRepository, type RunningRequest, runningLease } from './idempotency.ts';
import { seal, unseal } from './sealed-text.ts';

/** Two processes' views of one database. */
let databases: readonly [Database, Database];
let time: number;
let first: IdempotencyRepository;
let second: IdempotencyRepository;

async function openTwice(location: string): Promise<void> {
  databases = [await openDatabase(location), await openDatabase(location)];
  time = Date.parse('2026-01-01T00:00:00Z');
  const now = () => new Date(time);
  [first, second] = [new IdempotencyRepository(databases[0], now), new IdempotencyRepository(databases[1], now)];
}

const answer = { status: 201, headers: { location: '/api/voices/v_1' }, body: '{"key":"giong_secret"}' };

async function mine(repository: IdempotencyRepository, key: string): Promise<RunningRequest> {
  const begun = await repository.begin('w_1', key);
  if (begun.state !== 'mine') throw new Error(begun.state);
  return begun.request;
}

describe('SQLite', () => {
  let folder: string;
  let files = 0;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'giong-idempotency-'));
  });
  afterAll(() => rm(folder, { recursive: true }));
  describeRequests(async () => join(folder, `${++files}.sqlite`));
});

describe.skipIf(!isInstalled('postgres'))(`PostgreSQL${needs('postgres')}`, () => {
  let postgres: Postgres;
  beforeAll(async () => {
    postgres = await startPostgres();
  }, 60_000);
  afterAll(() => postgres.stop());
  describeRequests(() => postgres.createDatabase());
});

/** `locate` gives the place of an empty database. */
function describeRequests(locate: () => Promise<string>): void {
  describe('a request with a key', () => {
    beforeEach(async () => openTwice(await locate()));
    afterEach(() => Promise.all(databases.map((database) => database.destroy())));

    test('is begun once, by whichever process, and answered by all afterwards', async () => {
      const begun = await Promise.all([first, second, first, second].map((each) => each.begin('w_1', 'k')));
      expect(begun.map((each) => each.state).toSorted()).toEqual(['mine', 'running', 'running', 'running']);
      for (const each of begun) if (each.state === 'mine') await each.request.finish('print', answer);
      for (const each of [first, second]) {
        expect(await each.begin('w_1', 'k')).toEqual({ state: 'done', fingerprint: 'print', answer });
      }
    });

    test('is another in another workspace', async () => {
      await mine(first, 'k');
      expect((await first.begin('w_2', 'k')).state).toBe('mine');
    });

    test('may be begun anew after a failure, after the death of its process, and after a day', async () => {
      const failing = await mine(first, 'k');
      await failing.abandon();
      const dying = await mine(second, 'k');
      time += runningLease;
      const living = await mine(first, 'k');
      await dying.finish('of the dead', answer);
      expect((await second.begin('w_1', 'k')).state).toBe('running');
      await living.finish('print', answer);
      expect(await second.begin('w_1', 'k')).toMatchObject({ state: 'done', fingerprint: 'print' });
      time += answerLifetime - 1;
      expect((await second.begin('w_1', 'k')).state).toBe('done');
      time += 1;
      await (await mine(second, 'k')).abandon();
    });

    test('leaves nothing in the database that tells key or answer, and after a day nothing at all', async () => {
      const rows = () => databases[0].selectFrom('idempotent_requests').selectAll().execute();
      await (await mine(first, 'key-of-the-client')).finish('print', answer);
      expect(JSON.stringify(await rows())).not.toMatch(/key-of-the-client|secret|voices/);
      time += answerLifetime;
      await (await mine(first, 'another')).abandon();
      expect(await rows()).toEqual([]);
    });
  });
}

test('sealed text opens with its secret alone, and unchanged', () => {
  const sealed = seal('Giọng nói', 'secret');
  expect(unseal(sealed, 'secret')).toBe('Giọng nói');
  expect(seal('Giọng nói', 'secret')).not.toBe(sealed);
  expect(() => unseal(sealed, 'other')).toThrow();
  expect(() => unseal(`${sealed.slice(0, -2)}AA`, 'secret')).toThrow();
});
