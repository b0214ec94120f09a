import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Webhooks in the language of who asked for them, and how their deliveries went. */
export const webhookStates: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const column of ['language', 'outcome', 'settled_at', 'last_error']) {
      await db.schema.alterTable('webhook_deliveries').addColumn(column, 'text').execute();
    }
    await db.schema.alterTable('webhook_deliveries').addColumn('last_status', 'integer').execute();
    await db.schema
      .createIndex('webhook_deliveries_by_workspace')
      .on('webhook_deliveries')
      .columns(['workspace_id', 'created_at'])
      .execute();
    await db.schema
      .createIndex('webhook_deliveries_by_settled_at')
      .on('webhook_deliveries')
      .column('settled_at')
      .execute();
  },
};
