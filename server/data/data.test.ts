import { Database as SqliteDatabase } from 'bun:sqlite';
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SQL } from 'bun';
import { sql } from 'kysely';
import { freePort } from '../../tests/services/ports.ts';
import { type Postgres, startPostgres } from '../../tests/services/postgres.ts';
import { isInstalled, needs } from '../../tests/services/programs.ts';
import { until } from '../../tests/services/until.ts';
import { describeDatabase } from './data.contract.ts';
import { openDatabase } from './database.ts';
import { JobRepository } from './jobs.ts';
import { SessionRepository } from './sessions.ts';
import { UploadRepository } from './uploads.ts';

describe('SQLite', () => {
  let folder: string;
  let files = 0;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'giong-data-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  describeDatabase('in a file', async () => join(folder, 'new', `${++files}.sqlite`));

  test('a new file that another process is writing is waited for', async () => {
    const path = join(folder, 'busy.sqlite');
    const other = new SqliteDatabase(path);
    other.run('BEGIN EXCLUSIVE');
    const opening = openDatabase(path);
    const first = await Promise.race([opening, Bun.sleep(0)]);
    expect(first).toBeUndefined();
    other.run('COMMIT');
    const database = await opening;
    await new JobRepository(database).ping();
    await database.destroy();
    other.close();
  });
});

describe.skipIf(!isInstalled('postgres'))(`PostgreSQL${needs('postgres')}`, () => {
  let postgres: Postgres;
  beforeAll(async () => {
    postgres = await startPostgres();
  }, 60_000);
  afterAll(() => postgres.stop(), 60_000);

  describeDatabase('in a database', () => postgres.createDatabase());

  test('texts sort by code points also in a database that sorts as people do', async () => {
    const database = await openDatabase(await createVietnameseDatabase(postgres));
    const { rows } = await sql`select 'a' < 'B' as ignores_case`.execute(database);
    expect(rows).toEqual([{ ignores_case: true }]);
    const ids = ['u_B', 'u_a', 'u_-', 'u__', 'u_A', 'u_9'];
    const about = { workspace_id: 'w_1', name: 'a', bytes: 1, seconds: 1, format: 'wav', sha256: 'ab' };
    for (const id of ids) await new UploadRepository(database).insert({ id, ...about, created_at: '2026' });
    const listed = await new UploadRepository(database).list('w_1', 10);
    expect(listed.map(({ id }) => id)).toEqual(ids.toSorted().reverse());
    await database.destroy();
  });

  test('questions beyond the pool wait their turn', async () => {
    const database = await openDatabase(await postgres.createDatabase(), 2);
    const sessions = new SessionRepository(database);
    const created = await Promise.all(Array.from({ length: 20 }, () => sessions.create()));
    expect(new Set(created.map(({ workspaceId }) => workspaceId)).size).toBe(20);
    const { rows } = await sql<{ connections: number }>`
      select count(*) as connections from pg_stat_activity where datname = current_database()`.execute(database);
    expect(rows).toEqual([{ connections: 2 }]);
    await database.destroy();
  });

  test('a question that is wrong stays what it is', async () => {
    const database = await openDatabase(await postgres.createDatabase());
    await expect(sql`select nothing`.execute(database)).rejects.toMatchObject({ code: '42703' });
    await database.destroy();
  });

  test('while the server is away all is refused with a typed error, and goes on when it is back', async () => {
    const database = await openDatabase(await postgres.createDatabase());
    const sessions = new SessionRepository(database);
    const { token, workspaceId } = await sessions.create();
    const asked = sql`select pg_sleep(60)`.execute(database).catch((error: unknown) => error);
    await until('the question to run', async () => {
      const { rows } = await sql`select 1 from pg_stat_activity where query like '%pg_sleep(60)%'
        and pid <> pg_backend_pid()`.execute(database);
      return rows.length > 0;
    });

    await postgres.service.kill();
    const unavailable = { name: 'UnavailableError', code: 'storage-unavailable' };
    expect(await asked).toMatchObject(unavailable);
    await expect(sessions.open(token)).rejects.toMatchObject(unavailable);
    await expect(new JobRepository(database).ping()).rejects.toMatchObject(unavailable);
    const transaction = database.transaction().execute((inside) => new JobRepository(inside).ping());
    await expect(transaction).rejects.toMatchObject(unavailable);

    await postgres.service.restart();
    expect(await sessions.open(token)).toEqual({ workspaceId });
    await database.destroy();
  }, 60_000);

  test('one that cannot be reached at the start is the same typed error', async () => {
    const opening = openDatabase(`postgres://postgres@127.0.0.1:${freePort()}/giong`);
    await expect(opening).rejects.toMatchObject({ code: 'storage-unavailable' });
  });
});

/** A database that sorts as people do: without regard to case and punctuation at first. */
async function createVietnameseDatabase(postgres: Postgres): Promise<string> {
  const template = new URL(await postgres.createDatabase());
  const name = `${template.pathname.slice(1)}_vi`;
  const server = new SQL(template.href, { max: 1 });
  await server.unsafe(`create database ${name} template template0 locale_provider icu icu_locale 'vi'`);
  await server.close();
  return new URL(`/${name}`, template).href;
}
