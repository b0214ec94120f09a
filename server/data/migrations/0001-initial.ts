import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Sessions, uploads, jobs and the embedded queue. */
export const initial: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('sessions')
      .addColumn('token_hash', 'text', (column) => column.primaryKey())
      .addColumn('workspace_id', 'text', (column) => column.notNull())
      .addColumn('created_at', 'text', (column) => column.notNull())
      .execute();

    await db.schema
      .createTable('uploads')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('workspace_id', 'text', (column) => column.notNull())
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('bytes', 'integer', (column) => column.notNull())
      .addColumn('seconds', 'double precision', (column) => column.notNull())
      .addColumn('format', 'text', (column) => column.notNull())
      .addColumn('sha256', 'text', (column) => column.notNull())
      .addColumn('created_at', 'text', (column) => column.notNull())
      .execute();
    await db.schema.createIndex('uploads_by_workspace').on('uploads').columns(['workspace_id', 'created_at']).execute();

    await db.schema
      .createTable('jobs')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('workspace_id', 'text', (column) => column.notNull())
      .addColumn('priority', 'text', (column) => column.notNull())
      .addColumn('engine', 'text', (column) => column.notNull())
      .addColumn('source_id', 'text', (column) => column.notNull())
      .addColumn('source_name', 'text', (column) => column.notNull())
      .addColumn('source_seconds', 'double precision', (column) => column.notNull())
      .addColumn('voice_id', 'text', (column) => column.notNull())
      .addColumn('voice_name', 'text', (column) => column.notNull())
      .addColumn('options', 'text', (column) => column.notNull())
      .addColumn('created_at', 'text', (column) => column.notNull())
      .addColumn('started_at', 'text')
      .addColumn('finished_at', 'text')
      .addColumn('outcome', 'text')
      .addColumn('error_code', 'text')
      .addColumn('error_details', 'text')
      .addColumn('result_bytes', 'integer')
      .addColumn('result_seconds', 'double precision')
      .addColumn('result_sample_rate', 'integer')
      .execute();
    await db.schema.createIndex('jobs_by_workspace').on('jobs').columns(['workspace_id', 'created_at']).execute();
    await db.schema.createIndex('jobs_by_outcome').on('jobs').column('outcome').execute();

    await db.schema
      .createTable('queue_entries')
      .addColumn('job_id', 'text', (column) => column.primaryKey())
      .addColumn('workspace_id', 'text', (column) => column.notNull())
      .addColumn('priority', 'integer', (column) => column.notNull())
      .addColumn('sequence', 'integer', (column) => column.notNull())
      .addColumn('seconds', 'double precision', (column) => column.notNull())
      .addColumn('attempts', 'integer', (column) => column.notNull())
      .addColumn('taken_at', 'text')
      .execute();
    await db.schema
      .createIndex('queue_entries_by_turn')
      .on('queue_entries')
      .columns(['taken_at', 'priority', 'sequence'])
      .execute();
  },
};
