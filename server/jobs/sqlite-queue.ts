import { sql } from 'kysely';
import type { Database } from '../data/database.ts';
import type { QueueEntryTable } from '../data/schema.ts';
import { turnLength } from './fairness.ts';
import {
  type JobQueue,
  type Priority,
  priorities,
  type QueueCounts,
  type QueuedJob,
  type QueueEvent,
  type QueueState,
  type TakenJob,
} from './queue.ts';

/** SQLite takes 32766 parameters in one statement at most. */
const idsPerQuestion = 1000;

/** The queue of one machine: rows of the SQLite database survive the process; events and waiting takers live in it. */
export class SqliteQueue implements JobQueue {
  readonly #database: Database;
  readonly #listeners = new Set<(event: QueueEvent) => void>();
  /** Running jobs and how far each is, 0–1. In memory alone: it is told often, and a restarted job begins anew. */
  readonly #running = new Map<string, { workspaceId: string; progress: number }>();
  /** The largest turn taken of each priority. */
  readonly #turnsTaken = new Map<Priority, number>();
  /** Takers that found the line empty; each is woken once. */
  readonly #waiting = new Set<() => void>();
  readonly #closed = new AbortController();

  constructor(database: Database) {
    this.#database = database;
  }

  async add({ jobId, workspaceId, priority, seconds }: QueuedJob): Promise<void> {
    const turn = this.#turnFor(workspaceId, priority);
    const { numInsertedOrUpdatedRows } = await this.#database
      .insertInto('queue_entries')
      .values({
        job_id: jobId,
        workspace_id: workspaceId,
        priority: priorities.indexOf(priority),
        turn,
        turn_end: sql<number>`${turn} + ${turnLength(seconds)}`,
        sequence: sql<number>`(select coalesce(max(sequence), 0) + 1 from queue_entries)`,
        seconds,
        attempts: 0,
        taken_at: null,
      })
      .onConflict((conflict) => conflict.column('job_id').doNothing())
      .executeTakeFirstOrThrow();
    if (numInsertedOrUpdatedRows === 0n) return;
    this.#emit({ type: 'queued', jobId, workspaceId });
    this.#wakeOne();
  }

  async take(signal: AbortSignal): Promise<TakenJob | undefined> {
    const stop = AbortSignal.any([signal, this.#closed.signal]);
    while (!stop.aborted) {
      const entry = await this.#takeNow();
      if (entry) {
        const taken = asTaken(entry);
        this.#running.set(taken.jobId, { workspaceId: taken.workspaceId, progress: 0 });
        this.#turnsTaken.set(taken.priority, Math.max(this.#turnsTaken.get(taken.priority) ?? 0, entry.turn));
        this.#emit({ type: 'active', jobId: taken.jobId, workspaceId: taken.workspaceId });
        return taken;
      }
      await this.#woken(stop);
    }
    // A wake-up that met a stopped taker is passed on.
    this.#wakeOne();
    return undefined;
  }

  async progress(jobId: string, progress: number): Promise<void> {
    const running = this.#running.get(jobId);
    if (!running) return;
    running.progress = progress;
    this.#emit({ type: 'progress', jobId, workspaceId: running.workspaceId, progress });
  }

  async finish(jobId: string): Promise<void> {
    const entry = await this.#remove(jobId);
    if (entry) this.#emit({ type: 'finished', jobId, workspaceId: entry.workspace_id });
  }

  async handBack(jobId: string, countsAttempt: boolean): Promise<void> {
    const entry = await this.#database
      .updateTable('queue_entries')
      .set((expression) => ({
        taken_at: null,
        attempts: countsAttempt ? expression.ref('attempts') : expression('attempts', '-', 1),
      }))
      .where('job_id', '=', jobId)
      .where('taken_at', 'is not', null)
      .returning('workspace_id')
      .executeTakeFirst();
    if (!entry) return;
    this.#running.delete(jobId);
    this.#emit({ type: 'queued', jobId, workspaceId: entry.workspace_id });
    this.#wakeOne();
  }

  async cancel(jobId: string): Promise<void> {
    await this.cancelMany([jobId]);
  }

  /** One statement for many: each would wait for the disk. */
  async cancelMany(jobIds: readonly string[]): Promise<void> {
    for (let start = 0; start < jobIds.length; start += idsPerQuestion) {
      const entries = await this.#database
        .deleteFrom('queue_entries')
        .where('job_id', 'in', jobIds.slice(start, start + idsPerQuestion))
        .returning(['job_id', 'workspace_id', 'taken_at'])
        .execute();
      for (const { job_id: jobId, workspace_id: workspaceId, taken_at: takenAt } of entries) {
        this.#running.delete(jobId);
        if (takenAt !== null) this.#emit({ type: 'cancel', jobId, workspaceId });
        this.#emit({ type: 'finished', jobId, workspaceId });
      }
    }
  }

  async states(jobIds: readonly string[]): Promise<Map<string, QueueState>> {
    const states = new Map<string, QueueState>();
    for (let start = 0; start < jobIds.length; start += idsPerQuestion) {
      const rows = await this.#database
        .selectFrom('queue_entries')
        .select(['job_id', 'taken_at'])
        .where('job_id', 'in', jobIds.slice(start, start + idsPerQuestion))
        .execute();
      for (const { job_id: jobId, taken_at: startedAt } of rows) {
        states.set(
          jobId,
          startedAt === null
            ? { status: 'queued' }
            : { status: 'active', startedAt, progress: this.#progressOf(jobId) },
        );
      }
    }
    return states;
  }

  async counts(): Promise<QueueCounts> {
    const waiting = await this.#database
      .selectFrom('queue_entries')
      .select(({ fn }) => ['priority', fn.countAll<number>().as('count'), fn.sum<number>('seconds').as('seconds')])
      .where('taken_at', 'is', null)
      .groupBy('priority')
      .execute();
    const active = await this.#database
      .selectFrom('queue_entries')
      .select(['job_id', 'seconds'])
      .where('taken_at', 'is not', null)
      .execute();
    const queued: Record<Priority, number> = { admin: 0, paid: 0, normal: 0 };
    for (const { priority, count } of waiting) queued[priorityAt(priority)] += count;
    return {
      queued,
      active: active.length,
      queuedSeconds: sum(waiting.map(({ seconds }) => seconds)),
      activeSeconds: sum(active.map(({ job_id, seconds }) => seconds * (1 - this.#progressOf(job_id)))),
    };
  }

  async recover(): Promise<number> {
    const recovered = await this.#database
      .updateTable('queue_entries')
      .set({ taken_at: null })
      .where('taken_at', 'is not', null)
      .returning(['job_id', 'workspace_id'])
      .execute();
    for (const { job_id: jobId, workspace_id: workspaceId } of recovered) {
      this.#emit({ type: 'queued', jobId, workspaceId });
      this.#wakeOne();
    }
    return recovered.length;
  }

  subscribe(listener: (event: QueueEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async close(): Promise<void> {
    this.#closed.abort();
    this.#listeners.clear();
  }

  /** One statement, so that two takers never get the same row. */
  async #takeNow(): Promise<QueueEntryTable | undefined> {
    return this.#database
      .updateTable('queue_entries')
      .set((expression) => ({ taken_at: new Date().toISOString(), attempts: expression('attempts', '+', 1) }))
      .where('job_id', '=', ({ selectFrom }) =>
        selectFrom('queue_entries')
          .select('job_id')
          .where('taken_at', 'is', null)
          .orderBy('priority')
          .orderBy('turn')
          .orderBy('sequence')
          .limit(1),
      )
      .returningAll()
      .executeTakeFirst();
  }

  /** See fairness.ts. After a restart, the earliest turn in the queue stands for the largest taken. */
  #turnFor(workspaceId: string, priority: Priority) {
    const rank = priorities.indexOf(priority);
    return sql<number>`max(
      ${this.#turnsTaken.get(priority) ?? 0},
      (select coalesce(min(turn), 0) from queue_entries where priority = ${rank}),
      (select coalesce(max(turn_end), 0) from queue_entries where priority = ${rank} and workspace_id = ${workspaceId})
    )`;
  }

  #progressOf(jobId: string): number {
    return this.#running.get(jobId)?.progress ?? 0;
  }

  async #remove(jobId: string) {
    this.#running.delete(jobId);
    return this.#database
      .deleteFrom('queue_entries')
      .where('job_id', '=', jobId)
      .returning(['workspace_id', 'taken_at'])
      .executeTakeFirst();
  }

  #emit(event: QueueEvent): void {
    for (const listener of this.#listeners) listener(event);
  }

  #wakeOne(): void {
    const [wake] = this.#waiting;
    wake?.();
  }

  /** Resolves when a job may have come, or when the signal is aborted. */
  #woken(stop: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        this.#waiting.delete(wake);
        stop.removeEventListener('abort', wake);
        resolve();
      };
      this.#waiting.add(wake);
      stop.addEventListener('abort', wake);
      if (stop.aborted) wake();
    });
  }
}

function asTaken(entry: QueueEntryTable): TakenJob {
  return {
    jobId: entry.job_id,
    workspaceId: entry.workspace_id,
    priority: priorityAt(entry.priority),
    seconds: entry.seconds,
    attempt: entry.attempts,
  };
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);

function priorityAt(index: number): Priority {
  return priorities[index] ?? 'normal';
}
