import type { Database } from './database.ts';
import type { BatchRow, JobRow } from './schema.ts';

/** What a batch's summary needs of each of its jobs. */
export type BatchedJob = Pick<
  JobRow,
  'id' | 'batch_id' | 'engine' | 'options' | 'source_seconds' | 'outcome' | 'finished_at'
>;

/** Batches. They are inserted together with their jobs: see `JobRepository.insertSubmission`. */
export class BatchRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async find(workspaceId: string, id: string): Promise<BatchRow | undefined> {
    return this.#database
      .selectFrom('batches')
      .selectAll()
      .where('workspace_id', '=', workspaceId)
      .where('id', '=', id)
      .executeTakeFirst();
  }

  /** Newest first. */
  async list(workspaceId: string, limit: number): Promise<BatchRow[]> {
    return this.#database
      .selectFrom('batches')
      .selectAll()
      .where('workspace_id', '=', workspaceId)
      .orderBy('created_at', 'desc')
      .orderBy('id', 'desc')
      .limit(limit)
      .execute();
  }

  /** The jobs of all these batches. */
  async jobsOf(batchIds: readonly string[]): Promise<BatchedJob[]> {
    if (batchIds.length === 0) return [];
    return this.#database
      .selectFrom('jobs')
      .select(['id', 'batch_id', 'engine', 'options', 'source_seconds', 'outcome', 'finished_at'])
      .where('batch_id', 'in', batchIds)
      .execute();
  }
}
