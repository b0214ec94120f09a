import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Batches, news of ends to other servers, and uploads that arrive in parts. */
export const batchesWebhooksParts: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('batches')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('workspace_id', 'text', (column) => column.notNull())
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('voice_id', 'text', (column) => column.notNull())
      .addColumn('voice_name', 'text', (column) => column.notNull())
      .addColumn('created_at', 'text', (column) => column.notNull())
      .execute();
    await db.schema.createIndex('batches_by_workspace').on('batches').columns(['workspace_id', 'created_at']).execute();

    await db.schema.alterTable('jobs').addColumn('batch_id', 'text').execute();
    await db.schema.alterTable('jobs').addColumn('batch_position', 'integer').execute();
    await db.schema.createIndex('jobs_by_batch').on('jobs').columns(['batch_id', 'batch_position']).execute();

    // A batch puts many jobs in line, and each looks up where its workspace's turn begins and who came last.
    await db.schema
      .createIndex('queue_entries_by_workspace')
      .on('queue_entries')
      .columns(['priority', 'workspace_id', 'turn_end'])
      .execute();
    await db.schema
      .createIndex('queue_entries_by_priority')
      .on('queue_entries')
      .columns(['priority', 'turn'])
      .execute();
    await db.schema.createIndex('queue_entries_by_sequence').on('queue_entries').column('sequence').execute();

    await db.schema
      .createTable('webhook_deliveries')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('workspace_id', 'text', (column) => column.notNull())
      .addColumn('subject', 'text', (column) => column.notNull())
      .addColumn('subject_id', 'text', (column) => column.notNull())
      .addColumn('url', 'text', (column) => column.notNull())
      .addColumn('attempts', 'integer', (column) => column.notNull())
      .addColumn('due_at', 'text')
      .addColumn('created_at', 'text', (column) => column.notNull())
      .execute();
    await db.schema.createIndex('webhook_deliveries_by_due').on('webhook_deliveries').column('due_at').execute();
    await db.schema
      .createIndex('webhook_deliveries_by_subject')
      .on('webhook_deliveries')
      .columns(['subject', 'subject_id'])
      .execute();

    await db.schema
      .createTable('webhook_secrets')
      .addColumn('workspace_id', 'text', (column) => column.primaryKey())
      .addColumn('secret', 'text', (column) => column.notNull())
      .execute();

    await db.schema
      .createTable('resumable_uploads')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('workspace_id', 'text', (column) => column.notNull())
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('length', 'integer', (column) => column.notNull())
      .addColumn('received', 'integer', (column) => column.notNull())
      .addColumn('parts', 'text', (column) => column.notNull())
      .addColumn('writer', 'text')
      .addColumn('writer_until', 'text')
      .addColumn('created_at', 'text', (column) => column.notNull())
      .addColumn('expires_at', 'text', (column) => column.notNull())
      .execute();
    for (const column of ['workspace_id', 'expires_at']) {
      await db.schema.createIndex(`resumable_uploads_by_${column}`).on('resumable_uploads').column(column).execute();
    }
  },
};
