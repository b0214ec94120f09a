import { Database as SqliteDatabase } from 'bun:sqlite';
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { Kysely } from 'kysely';
import { Migrator } from 'kysely/migration';
import { BunSqliteDialect } from 'kysely-bun-sqlite';
import { initial } from './migrations/0001-initial.ts';
import { fairTurns } from './migrations/0002-fair-turns.ts';
import { voices } from './migrations/0003-voices.ts';
import { resultCache } from './migrations/0004-result-cache.ts';
import { resultFiles } from './migrations/0005-result-files.ts';
import { batchesWebhooksParts } from './migrations/0007-batches-webhooks-parts.ts';
import type { Schema } from './schema.ts';

export type Database = Kysely<Schema>;

/** Kysely runs them in the order of their names; a released one never changes. */
const migrations = {
  '0001-initial': initial,
  '0002-fair-turns': fairTurns,
  '0003-voices': voices,
  '0004-result-cache': resultCache,
  '0005-result-files': resultFiles,
  '0007-batches-webhooks-parts': batchesWebhooksParts,
};

/**
 * Opens the SQLite file (made when missing; `:memory:` for tests) and brings its tables up to date.
 * Write-ahead logging with `synchronous = FULL`: what a request was told is stored survives a power cut.
 */
export async function openDatabase(path: string): Promise<Database> {
  if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true });
  const sqlite = new SqliteDatabase(path, { create: true, readwrite: true });
  sqlite.run('PRAGMA journal_mode = WAL');
  sqlite.run('PRAGMA synchronous = FULL');
  sqlite.run('PRAGMA busy_timeout = 5000');
  const database: Database = new Kysely({ dialect: new BunSqliteDialect({ database: sqlite }) });
  const migrator = new Migrator({ db: database, provider: { getMigrations: async () => migrations } });
  const { error } = await migrator.migrateToLatest();
  if (error) {
    await database.destroy();
    throw error;
  }
  return database;
}
