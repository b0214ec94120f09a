import { join } from 'node:path';
import type { Kysely } from 'kysely';
import { Migrator } from 'kysely/migration';
import { initial } from './migrations/0001-initial.ts';
import { fairTurns } from './migrations/0002-fair-turns.ts';
import { voices } from './migrations/0003-voices.ts';
import { resultCache } from './migrations/0004-result-cache.ts';
import { resultFiles } from './migrations/0005-result-files.ts';
import { access } from './migrations/0006-access.ts';
import { batchesWebhooksParts } from './migrations/0007-batches-webhooks-parts.ts';
import { cleaning } from './migrations/0008-cleaning.ts';
import { similarity } from './migrations/0009-similarity.ts';
import { webhookStates } from './migrations/0010-webhook-states.ts';
import { unlistedVoices } from './migrations/0011-unlisted-voices.ts';
import { isPostgresUrl, openPostgres } from './postgres.ts';
import type { Schema } from './schema.ts';
import { openSqlite } from './sqlite.ts';

export type Database = Kysely<Schema>;

/** Kysely runs them in the order of their names; a released one never changes. */
const migrations = {
  '0001-initial': initial,
  '0002-fair-turns': fairTurns,
  '0003-voices': voices,
  '0004-result-cache': resultCache,
  '0005-result-files': resultFiles,
  '0006-access': access,
  '0007-batches-webhooks-parts': batchesWebhooksParts,
  '0008-cleaning': cleaning,
  '0009-similarity': similarity,
  '0010-webhook-states': webhookStates,
  '0011-unlisted-voices': unlistedVoices,
};

/**
 * Opens the database and brings its tables up to date; several processes may do so at once. `location` is the URL of a PostgreSQL
 * (`postgres://…`) or the path of an SQLite file (made when missing; `:memory:` for tests). `poolSize`: connections to PostgreSQL.
 * Throws `UnavailableError('storage-unavailable')` when PostgreSQL can't be reached.
 */
export async function openDatabase(location: string, poolSize = 10): Promise<Database> {
  const { database, migrate } = isPostgresUrl(location) ? openPostgres(location, poolSize) : openSqlite(location);
  try {
    await migrate(async (db) => {
      const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations } });
      const { error } = await migrator.migrateToLatest();
      if (error) throw error;
    });
    return database;
  } catch (error) {
    await database.destroy();
    throw error;
  }
}

/** What the configuration says of the database. */
interface DatabasePlace {
  readonly dataFolder: string;
  readonly databaseUrl?: string | undefined;
  readonly databasePool: number;
}

/** The database of the configuration: PostgreSQL, or a file in the data folder. Throws as `openDatabase` does. */
export function openMainDatabase({ databaseUrl, databasePool, dataFolder }: DatabasePlace): Promise<Database> {
  return openDatabase(databaseUrl ?? join(dataFolder, 'giong.sqlite'), databasePool);
}

/**
 * Where the embedded queue keeps its rows. It is for one process alone, so beside a PostgreSQL, which others may share, it has a
 * file of its own; otherwise this is `main`. Closing `main` and this one is the caller's, also where they are the same.
 */
export async function openQueueDatabase({ databaseUrl, dataFolder }: DatabasePlace, main: Database): Promise<Database> {
  return databaseUrl === undefined ? main : openDatabase(join(dataFolder, 'queue.sqlite'));
}
