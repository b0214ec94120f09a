import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** How similar a result's voice is to the one asked for. */
export const similarity: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema.alterTable('jobs').addColumn('similarity', 'double precision').execute();
  },
};
