import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** What cleaning by age needs: leases, so that one process at a time cleans, and when a session was last used. */
export const cleaning: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('leases')
      .addColumn('name', 'text', (column) => column.primaryKey())
      .addColumn('until', 'text', (column) => column.notNull())
      .execute();
    await db.schema.alterTable('sessions').addColumn('used_at', 'text').execute();
    await db.schema.createIndex('sessions_by_use').on('sessions').column('used_at').execute();
    await db.schema.createIndex('uploads_by_age').on('uploads').column('created_at').execute();
    await db.schema.createIndex('jobs_by_age').on('jobs').column('finished_at').execute();
    for (const column of ['result_job_id', 'result_file']) {
      await db.schema.createIndex(`jobs_by_${column}`).on('jobs').column(column).execute();
    }
  },
};
