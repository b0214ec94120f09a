import type { Kysely } from 'kysely';
import type { Schema } from './schema.ts';

/** An open database whose tables may still be those of an older version. */
export interface OpenedDatabase {
  readonly database: Kysely<Schema>;
  /** Calls `run` with what migrations work on. What else has to be so meanwhile, such as a lock, is seen to. */
  migrate(run: (database: Kysely<Schema>) => Promise<void>): Promise<void>;
}
