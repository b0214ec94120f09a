import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Each attempt at a job writes a file of its own; the job names the one that counts. Results of before are named by their job. */
export const resultFiles: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema.alterTable('jobs').addColumn('result_file', 'text').execute();
  },
};
