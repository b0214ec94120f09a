import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Voices that users have saved. */
export const voices: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('voices')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('workspace_id', 'text', (column) => column.notNull())
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('engines', 'text', (column) => column.notNull())
      .addColumn('speech_seconds', 'double precision', (column) => column.notNull())
      .addColumn('quality', 'text')
      .addColumn('bytes', 'integer', (column) => column.notNull())
      .addColumn('sha256', 'text', (column) => column.notNull())
      .addColumn('consented_at', 'text', (column) => column.notNull())
      .addColumn('created_at', 'text', (column) => column.notNull())
      .execute();
    await db.schema.createIndex('voices_by_workspace').on('voices').columns(['workspace_id', 'created_at']).execute();
  },
};
