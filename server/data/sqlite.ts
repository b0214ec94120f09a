import { Database as SqliteDatabase } from 'bun:sqlite';
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { Kysely } from 'kysely';
import { BunSqliteDialect } from 'kysely-bun-sqlite';
import type { OpenedDatabase } from './opened.ts';
import type { Schema } from './schema.ts';

/** How long another process may take to bring the file up to date, and how often we look whether it has, in milliseconds. */
const migrationPatience = 30_000;
const migrationPause = 20;

/** Write-ahead logging with `synchronous = FULL`: what a request was told is stored survives a power cut. */
export function openSqlite(path: string): OpenedDatabase {
  if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true });
  const sqlite = new SqliteDatabase(path, { create: true, readwrite: true });
  const database = new Kysely<Schema>({ dialect: new BunSqliteDialect({ database: sqlite }) });
  return {
    database,
    /** Kysely takes no lock in SQLite: a transaction around all of it lets one process migrate while the others wait. */
    async migrate(run) {
      // Of processes that change a new file's journal at once, SQLite lets one, and refuses the others without waiting.
      await whenFree(sqlite, 'PRAGMA journal_mode = WAL');
      sqlite.run('PRAGMA synchronous = FULL');
      await whenFree(sqlite, 'BEGIN IMMEDIATE');
      try {
        await run(database);
        sqlite.run('COMMIT');
      } catch (error) {
        sqlite.run('ROLLBACK');
        throw error;
      }
    },
  };
}

/** Runs what needs the file alone as soon as no other process has it. Throws SQLite's error when one keeps it for too long. */
async function whenFree(sqlite: SqliteDatabase, statement: string): Promise<void> {
  const deadline = Date.now() + migrationPatience;
  // SQLite would wait without a pause, and this thread may be the one that is waited for.
  sqlite.run('PRAGMA busy_timeout = 0');
  for (;;) {
    try {
      sqlite.run(statement);
      sqlite.run('PRAGMA busy_timeout = 5000');
      return;
    } catch (error) {
      const isBusy = error instanceof Error && 'code' in error && error.code === 'SQLITE_BUSY';
      if (!isBusy || Date.now() > deadline) throw error;
      await Bun.sleep(migrationPause);
    }
  }
}
