import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** API keys, answers kept for repeated requests, and sessions whose tokens are renewed. */
export const access: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const column of ['expires_at', 'renewed_at', 'replaces']) {
      await db.schema.alterTable('sessions').addColumn(column, 'text').execute();
    }

    await db.schema
      .createTable('api_keys')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('workspace_id', 'text', (column) => column.notNull())
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('priority', 'text', (column) => column.notNull())
      .addColumn('key_hash', 'text', (column) => column.notNull().unique())
      .addColumn('key_ending', 'text', (column) => column.notNull())
      .addColumn('created_at', 'text', (column) => column.notNull())
      .addColumn('last_used_at', 'text')
      .execute();
    await db.schema
      .createIndex('api_keys_by_workspace')
      .on('api_keys')
      .columns(['workspace_id', 'created_at'])
      .execute();

    await db.schema
      .createTable('idempotent_requests')
      .addColumn('key_hash', 'text', (column) => column.primaryKey())
      .addColumn('owner', 'text', (column) => column.notNull())
      .addColumn('expires_at', 'text', (column) => column.notNull())
      .addColumn('fingerprint', 'text')
      .addColumn('answer', 'text')
      .execute();
    await db.schema
      .createIndex('idempotent_requests_by_expiry')
      .on('idempotent_requests')
      .column('expires_at')
      .execute();
  },
};
