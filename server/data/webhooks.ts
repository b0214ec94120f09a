import type { Database } from './database.ts';
import type { DeliveryError, WebhookDeliveryRow } from './schema.ts';

/** What became of one attempt: the receiver's answer, or why there was none. */
export interface Attempted {
  readonly status: number | null;
  readonly error: DeliveryError | null;
}

/** Deliveries that are still to be made, and lately were. They are inserted together with their jobs: see `JobRepository.insertSubmission`. */
export class WebhookRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Deliveries whose job or batch has ended, or is gone, are due now. With a job's id, only its own and its batch's are looked at. */
  async markEnded(now: Date, jobId?: string): Promise<void> {
    const waiting = this.#database
      .updateTable('webhook_deliveries')
      .set({ due_at: now.toISOString() })
      .where('due_at', 'is', null)
      .where('settled_at', 'is', null);
    const ofJobs = waiting.where('subject', '=', 'job');
    await (jobId === undefined ? ofJobs : ofJobs.where('subject_id', '=', jobId))
      .where(({ not, exists, selectFrom }) =>
        not(exists(selectFrom('jobs').select('id').whereRef('id', '=', 'subject_id').where('outcome', 'is', null))),
      )
      .execute();
    const ofBatches = waiting.where('subject', '=', 'batch');
    await (jobId === undefined
      ? ofBatches
      : ofBatches.where('subject_id', '=', ({ selectFrom }) =>
          selectFrom('jobs')
            .select((job) => job.ref('batch_id').$notNull().as('id'))
            .where('id', '=', jobId),
        )
    )
      .where(({ not, exists, selectFrom }) =>
        not(
          exists(selectFrom('jobs').select('id').whereRef('batch_id', '=', 'subject_id').where('outcome', 'is', null)),
        ),
      )
      .execute();
  }

  /** Deliveries that are due, the longest waiting first. */
  async due(now: Date, limit: number): Promise<WebhookDeliveryRow[]> {
    return this.#database
      .selectFrom('webhook_deliveries')
      .selectAll()
      .where('due_at', '<=', now.toISOString())
      .orderBy('due_at')
      .limit(limit)
      .execute();
  }

  /** When the next delivery is due; undefined when none waits for its time. */
  async nextDue(): Promise<Date | undefined> {
    const row = await this.#database
      .selectFrom('webhook_deliveries')
      .select(({ fn }) => fn.min('due_at').as('due_at'))
      .executeTakeFirst();
    return row?.due_at ? new Date(row.due_at) : undefined;
  }

  /** Begins an attempt: nobody else begins one before `until`. False when somebody else was first. */
  async claim({ id, due_at, attempts }: WebhookDeliveryRow, until: Date): Promise<boolean> {
    const result = await this.#database
      .updateTable('webhook_deliveries')
      .set({ due_at: until.toISOString(), attempts: attempts + 1 })
      .where('id', '=', id)
      .where('due_at', '=', due_at)
      .where('attempts', '=', attempts)
      .executeTakeFirst();
    return result.numUpdatedRows === 1n;
  }

  /** The attempt failed; another one is made later. */
  async postpone(id: string, until: Date, { status, error }: Attempted): Promise<void> {
    await this.#database
      .updateTable('webhook_deliveries')
      .set({ due_at: until.toISOString(), last_status: status, last_error: error })
      .where('id', '=', id)
      .execute();
  }

  /** The attempt was the last one. */
  async settle(id: string, outcome: 'delivered' | 'given-up', now: Date, { status, error }: Attempted): Promise<void> {
    await this.#database
      .updateTable('webhook_deliveries')
      .set({ outcome, settled_at: now.toISOString(), due_at: null, last_status: status, last_error: error })
      .where('id', '=', id)
      .execute();
  }

  /** Forgets those that were settled before that moment. */
  async forget(before: Date): Promise<void> {
    await this.#database.deleteFrom('webhook_deliveries').where('settled_at', '<', before.toISOString()).execute();
  }

  /** The workspace's, newest first. */
  async list(workspaceId: string, limit: number): Promise<WebhookDeliveryRow[]> {
    return this.#database
      .selectFrom('webhook_deliveries')
      .selectAll()
      .where('workspace_id', '=', workspaceId)
      .orderBy('created_at', 'desc')
      .orderBy('id', 'desc')
      .limit(limit)
      .execute();
  }

  /** The workspace's secret; the first call of all makes it `candidate`. */
  async secretOf(workspaceId: string, candidate: string): Promise<string> {
    await this.#database
      .insertInto('webhook_secrets')
      .values({ workspace_id: workspaceId, secret: candidate })
      .onConflict((conflict) => conflict.column('workspace_id').doNothing())
      .execute();
    const row = await this.#database
      .selectFrom('webhook_secrets')
      .select('secret')
      .where('workspace_id', '=', workspaceId)
      .executeTakeFirstOrThrow();
    return row.secret;
  }
}
