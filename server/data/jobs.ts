import type { ErrorCode, ErrorDetails } from '#core/errors.ts';
import type { Database } from './database.ts';
import type { JobRow, NewJobRow, Outcome } from './schema.ts';

/** How a job ended. */
export type Ending =
  | {
      readonly outcome: 'done';
      /** Last part of the result's key. */
      readonly file: string;
      readonly bytes: number;
      readonly seconds: number;
      readonly sampleRate: number;
    }
  | { readonly outcome: 'failed'; readonly code: ErrorCode; readonly details: ErrorDetails }
  | { readonly outcome: 'cancelled' };

/** All jobs, past and present: what was asked and how it ended. What is between, only the queue knows. */
export class JobRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Throws when the database does not answer. */
  async ping(): Promise<void> {
    await this.#database.selectFrom('jobs').select('id').limit(1).execute();
  }

  async insert(job: NewJobRow): Promise<void> {
    await this.#database.insertInto('jobs').values(job).execute();
  }

  /** The job, if the workspace owns it. */
  async find(workspaceId: string, id: string): Promise<JobRow | undefined> {
    return this.#database
      .selectFrom('jobs')
      .selectAll()
      .where('workspace_id', '=', workspaceId)
      .where('id', '=', id)
      .executeTakeFirst();
  }

  /** The workspace's latest job with that content whose own result was stored. */
  async findResult(workspaceId: string, contentKey: string): Promise<JobRow | undefined> {
    return this.#database
      .selectFrom('jobs')
      .selectAll()
      .where('workspace_id', '=', workspaceId)
      .where('content_key', '=', contentKey)
      .where('outcome', '=', 'done')
      .where('result_job_id', 'is', null)
      .orderBy('created_at', 'desc')
      .limit(1)
      .executeTakeFirst();
  }

  /** The workspace's jobs, newest first. */
  async list(workspaceId: string, limit: number): Promise<JobRow[]> {
    return this.#database
      .selectFrom('jobs')
      .selectAll()
      .where('workspace_id', '=', workspaceId)
      .orderBy('created_at', 'desc')
      .orderBy('id', 'desc')
      .limit(limit)
      .execute();
  }

  /** Jobs that have not ended, oldest first, of one workspace or of all. */
  async unfinished(workspaceId?: string): Promise<JobRow[]> {
    let query = this.#database.selectFrom('jobs').selectAll().where('outcome', 'is', null);
    if (workspaceId !== undefined) query = query.where('workspace_id', '=', workspaceId);
    return query.orderBy('created_at').execute();
  }

  /** How many of the workspace's jobs have not ended. */
  async countUnfinished(workspaceId: string): Promise<number> {
    const { count } = await this.#database
      .selectFrom('jobs')
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .where('workspace_id', '=', workspaceId)
      .where('outcome', 'is', null)
      .executeTakeFirstOrThrow();
    return Number(count);
  }

  /** The workspace's jobs that have not ended, or ended after this moment, oldest first. */
  async current(workspaceId: string, endedAfter: string): Promise<JobRow[]> {
    return this.#database
      .selectFrom('jobs')
      .selectAll()
      .where('workspace_id', '=', workspaceId)
      .where(({ or, eb }) => or([eb('outcome', 'is', null), eb('finished_at', '>', endedAfter)]))
      .orderBy('created_at')
      .execute();
  }

  /** Ends the job. The first ending counts: false when it had already ended, and nothing changes then. */
  async finish(id: string, ending: Ending, startedAt: string | null): Promise<boolean> {
    const result = await this.#database
      .updateTable('jobs')
      .set({
        outcome: ending.outcome,
        started_at: startedAt,
        finished_at: new Date().toISOString(),
        ...(ending.outcome === 'failed' && {
          error_code: ending.code,
          error_details: JSON.stringify(ending.details),
        }),
        ...(ending.outcome === 'done' && {
          result_file: ending.file,
          result_bytes: ending.bytes,
          result_seconds: ending.seconds,
          result_sample_rate: ending.sampleRate,
        }),
      })
      .where('id', '=', id)
      .where('outcome', 'is', null)
      .executeTakeFirst();
    return result.numUpdatedRows === 1n;
  }

  /** How many jobs have ended in each way. */
  async countOutcomes(): Promise<Record<Outcome, number>> {
    const rows = await this.#database
      .selectFrom('jobs')
      .select((expression) => ['outcome', expression.fn.countAll<number>().as('count')])
      .where('outcome', 'is not', null)
      .groupBy('outcome')
      .execute();
    const counts = { done: 0, failed: 0, cancelled: 0 };
    for (const { outcome, count } of rows) if (outcome) counts[outcome] = Number(count);
    return counts;
  }
}
