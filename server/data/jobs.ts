import type { ErrorCode, ErrorDetails } from '#core/errors.ts';
import type { Database } from './database.ts';
import type { BatchRow, JobRow, NewJobRow, Outcome, WebhookDeliveryRow } from './schema.ts';

/** How a job ended. */
export type Ending =
  | {
      readonly outcome: 'done';
      /** Last part of the result's key. */
      readonly file: string;
      readonly bytes: number;
      readonly seconds: number;
      readonly sampleRate: number;
      /** Of the result and the voice, where that was asked for and could be told. */
      readonly similarity?: number | null;
    }
  | { readonly outcome: 'failed'; readonly code: ErrorCode; readonly details: ErrorDetails }
  | { readonly outcome: 'cancelled' };

/** What belongs to jobs that are asked for together. */
export interface Submission {
  readonly jobs: readonly NewJobRow[];
  readonly batch?: BatchRow | undefined;
  readonly webhooks?: readonly WebhookDeliveryRow[] | undefined;
}

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

  /** All of it, or nothing. */
  async insertSubmission({ jobs, batch, webhooks = [] }: Submission): Promise<void> {
    await this.#database.transaction().execute(async (transaction) => {
      if (batch) await transaction.insertInto('batches').values(batch).execute();
      await transaction
        .insertInto('jobs')
        .values([...jobs])
        .execute();
      if (webhooks.length > 0)
        await transaction
          .insertInto('webhook_deliveries')
          .values([...webhooks])
          .execute();
    });
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

  /** Those of the jobs that the workspace owns, in the order of the ids. */
  async findAll(workspaceId: string, ids: readonly string[]): Promise<JobRow[]> {
    if (ids.length === 0) return [];
    const rows = await this.#database
      .selectFrom('jobs')
      .selectAll()
      .where('workspace_id', '=', workspaceId)
      .where('id', 'in', ids)
      .execute();
    const byId = new Map(rows.map((row) => [row.id, row]));
    return ids.flatMap((id) => byId.get(id) ?? []);
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

  /** The workspace's jobs, newest first; with `before`, those that come after it in that order. */
  async list(
    workspaceId: string,
    limit: number,
    before?: Pick<JobRow, 'id' | 'created_at'> | undefined,
  ): Promise<JobRow[]> {
    let query = this.#database.selectFrom('jobs').selectAll().where('workspace_id', '=', workspaceId);
    if (before) {
      query = query.where((row) =>
        row.or([
          row('created_at', '<', before.created_at),
          row.and([row('created_at', '=', before.created_at), row('id', '<', before.id)]),
        ]),
      );
    }
    return query.orderBy('created_at', 'desc').orderBy('id', 'desc').limit(limit).execute();
  }

  /** The batch's jobs in its order. */
  async ofBatch(workspaceId: string, batchId: string): Promise<JobRow[]> {
    return this.#database
      .selectFrom('jobs')
      .selectAll()
      .where('batch_id', '=', batchId)
      .where('workspace_id', '=', workspaceId)
      .orderBy('batch_position')
      .execute();
  }

  /** Jobs that have not ended, whosever they are, oldest first. */
  async unfinished(): Promise<JobRow[]> {
    return this.#database
      .selectFrom('jobs')
      .selectAll()
      .where('outcome', 'is', null)
      .orderBy('created_at')
      .orderBy('batch_position')
      .execute();
  }

  /** What is to be done for the jobs that have not ended: seconds of audio of each engine with each choice of options. */
  async unfinishedWork(): Promise<Pick<JobRow, 'engine' | 'options' | 'source_seconds'>[]> {
    const rows = await this.#database
      .selectFrom('jobs')
      .select(({ fn }) => ['engine', 'options', fn.sum<number>('source_seconds').as('source_seconds')])
      .where('outcome', 'is', null)
      .groupBy(['engine', 'options'])
      .execute();
    return rows.map((row) => ({ ...row, source_seconds: Number(row.source_seconds) }));
  }

  /** Of jobs that have not ended, of one workspace or of all, oldest first. */
  async unfinishedIds(workspaceId?: string): Promise<string[]> {
    let query = this.#database.selectFrom('jobs').select('id').where('outcome', 'is', null);
    if (workspaceId !== undefined) query = query.where('workspace_id', '=', workspaceId);
    const rows = await query.orderBy('created_at').orderBy('batch_position').execute();
    return rows.map(({ id }) => id);
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
          similarity: ending.similarity ?? null,
        }),
      })
      .where('id', '=', id)
      .where('outcome', 'is', null)
      .executeTakeFirst();
    return result.numUpdatedRows === 1n;
  }

  /** Cancels those of the jobs that have not ended, none of which has begun. Answers their ids. */
  async cancelWaiting(ids: readonly string[]): Promise<string[]> {
    if (ids.length === 0) return [];
    const cancelled = await this.#database
      .updateTable('jobs')
      .set({ outcome: 'cancelled', finished_at: new Date().toISOString() })
      .where('id', 'in', ids)
      .where('outcome', 'is', null)
      .returning('id')
      .execute();
    return cancelled.map(({ id }) => id);
  }

  /** When the newest conversions done after that moment were asked for, begun and done, at most `limit` of them. */
  async timesSince(
    moment: string,
    limit: number,
  ): Promise<{ createdAt: string; startedAt: string; finishedAt: string }[]> {
    return (
      this.#database
        .selectFrom('jobs')
        .select(({ ref }) => [
          'created_at as createdAt',
          ref('started_at').$notNull().as('startedAt'),
          ref('finished_at').$notNull().as('finishedAt'),
        ])
        .where('finished_at', '>', moment)
        .where('outcome', '=', 'done')
        // A result that was there already took no time.
        .where('started_at', 'is not', null)
        .where('result_job_id', 'is', null)
        .orderBy('finished_at', 'desc')
        .limit(limit)
        .execute()
    );
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
