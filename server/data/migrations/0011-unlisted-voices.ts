import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Whether a voice is one of the user's list (1), or was sent for conversions alone (0). */
export const unlistedVoices: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .alterTable('voices')
      .addColumn('listed', 'integer', (column) => column.notNull().defaultTo(1))
      .execute();
  },
};
