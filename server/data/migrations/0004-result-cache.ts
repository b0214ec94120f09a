import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** What a job was made of, so that the same need not be done twice. Jobs of before are never found by it. */
export const resultCache: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const column of ['content_key', 'result_job_id']) {
      await db.schema.alterTable('jobs').addColumn(column, 'text').execute();
    }
    await db.schema.createIndex('jobs_by_content').on('jobs').columns(['workspace_id', 'content_key']).execute();
  },
};
