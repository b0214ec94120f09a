import type { z } from 'zod';
import { GiongError, InputError } from '#core/errors.ts';
import type { BatchedJob, BatchRepository } from '../data/batches.ts';
import type { JobRepository } from '../data/jobs.ts';
import type { BatchRow } from '../data/schema.ts';
import type { Batch, BatchSummary, Job } from '../http/api-types.ts';
import type { batchRequestSchema } from '../http/schemas/batches.ts';
import { requested } from '../ids.ts';
import { cancelMany } from '../jobs/cancel-many.ts';
import type { JobService } from '../jobs/job-service.ts';
import { type LoadMeter, workOf } from '../jobs/load-meter.ts';
import type { Load, Pace } from '../jobs/pace.ts';
import type { JobQueue, QueueState } from '../jobs/queue.ts';
import type { Language } from '../language.ts';
import { type ArchivedFile, failuresFile } from './archive.ts';
import { type JobState, summarize } from './summary.ts';

/** A checked request, defaults filled in. */
export type CheckedBatchRequest = z.output<typeof batchRequestSchema>;

/** How many batches a list shows at most. */
const listLimit = 50;

export interface BatchServiceParts {
  readonly batches: BatchRepository;
  readonly jobs: JobService;
  readonly jobRecords: JobRepository;
  readonly queue: JobQueue;
  readonly pace: Pace;
  readonly load: LoadMeter;
}

/** What users do with batches. Each call names the workspace, and answers as if other workspaces' batches did not exist. */
export class BatchService {
  readonly #parts: BatchServiceParts;

  constructor(parts: BatchServiceParts) {
    this.#parts = parts;
  }

  /**
   * Puts all jobs in line, or none. Throws what `JobService.submit` throws. The same request with the same `idempotencyKey` is the
   * same batch, even when the server was killed before it could answer.
   */
  async submit(
    workspaceId: string,
    request: CheckedBatchRequest,
    language: Language,
    idempotencyKey?: string,
  ): Promise<Batch> {
    const { sources, name, webhook, ...rest } = request;
    const { id, earlier } = await requested('batch', workspaceId, idempotencyKey, request, this.#parts.batches);
    if (earlier) return this.get(workspaceId, id, language);
    const requests = sources.map((source) => ({ ...rest, source }));
    const jobs = await this.#parts.jobs.submitMany(workspaceId, requests, language, { id, name, webhook });
    return view(await this.#find(workspaceId, id), jobs);
  }

  /** Throws `InputError('not-found')`. */
  async get(workspaceId: string, id: string, language: Language): Promise<Batch> {
    const row = await this.#find(workspaceId, id);
    return view(row, await this.#parts.jobs.ofBatch(workspaceId, id, language));
  }

  /** Newest first. */
  async list(workspaceId: string): Promise<BatchSummary[]> {
    const { batches, queue, load } = this.#parts;
    const rows = await batches.list(workspaceId, listLimit);
    const jobs = await batches.jobsOf(rows.map((row) => row.id));
    const unfinished = jobs.filter((job) => job.outcome === null);
    const [states, ahead] = [await queue.states(unfinished.map((job) => job.id)), await load.recent()];
    const byBatch = Map.groupBy(jobs, (job) => job.batch_id);
    return rows.map((row) => {
      const own = byBatch.get(row.id) ?? [];
      return summarize(
        row,
        own.map((job) => this.#stateOf(job, states.get(job.id), ahead)),
      );
    });
  }

  /** Stops what is unfinished. Throws `InputError('not-found')`. */
  async cancel(workspaceId: string, id: string, language: Language): Promise<Batch> {
    await this.#find(workspaceId, id);
    const { jobRecords, queue } = this.#parts;
    const unfinished = (await jobRecords.ofBatch(workspaceId, id)).filter((row) => row.outcome === null);
    const ids = unfinished.map((row) => row.id);
    await cancelMany({ jobs: jobRecords, queue }, ids, { running: true });
    return this.get(workspaceId, id, language);
  }

  /**
   * What a ZIP of the batch holds at this moment: the results, and a list of what has none.
   * Throws `InputError('not-found' | 'result-not-ready')`.
   */
  async files(workspaceId: string, id: string, language: Language): Promise<{ name: string; files: ArchivedFile[] }> {
    const { name, jobs } = await this.get(workspaceId, id, language);
    const files: ArchivedFile[] = [];
    const missing: Job[] = [];
    for (const job of jobs) {
      const result = await this.#resultOf(workspaceId, job, language);
      if (result) files.push(result);
      else missing.push(job);
    }
    if (files.length === 0) throw new InputError('result-not-ready');
    if (missing.length > 0) files.push(failuresFile(missing, new Date()));
    return { name: `${name}.zip`, files };
  }

  async #resultOf(workspaceId: string, job: Job, language: Language): Promise<ArchivedFile | undefined> {
    if (job.status !== 'done') return undefined;
    try {
      const { file: content, about } = await this.#parts.jobs.result(workspaceId, job.id, language);
      return { name: about.name, content, bytes: about.bytes, modifiedAt: new Date(job.finishedAt ?? job.createdAt) };
    } catch (error) {
      // The file has expired.
      if (error instanceof GiongError && error.code === 'not-found') return undefined;
      throw error;
    }
  }

  async #find(workspaceId: string, id: string): Promise<BatchRow> {
    const row = await this.#parts.batches.find(workspaceId, id);
    if (!row) throw new InputError('not-found');
    return row;
  }

  #stateOf(job: BatchedJob, state: QueueState | undefined, load: Load): JobState {
    const { source_seconds: seconds, finished_at: finishedAt, outcome } = job;
    if (outcome !== null) return { status: outcome, progress: 1, etaSeconds: null, finishedAt, seconds };
    const known = state ?? { status: 'queued' };
    return {
      status: known.status,
      progress: known.status === 'active' ? known.progress : 0,
      etaSeconds: this.#parts.pace.remaining(workOf(job), known, load, Date.now()),
      finishedAt: null,
      seconds,
    };
  }
}

function view(row: BatchRow, jobs: readonly Job[]): Batch {
  const summary = summarize(
    row,
    jobs.map((job) => ({ ...job, seconds: job.source.seconds })),
  );
  return { ...summary, jobs: [...jobs] };
}
