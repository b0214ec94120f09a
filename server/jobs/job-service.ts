import type { z } from 'zod';
import { checkEngineOptions } from '#core/engines/engine-options.ts';
import { InputError } from '#core/errors.ts';
import type { ModelManifest } from '#core/models/manifest.ts';
import type { Ending, JobRepository } from '../data/jobs.ts';
import type { JobRow, NewJobRow } from '../data/schema.ts';
import { type FileContent, type FileStore, fileKeys } from '../files/store.ts';
import type { Job, JobList, JobResult } from '../http/api-types.ts';
import type { JobPage } from '../http/schemas/jobs.ts';
import type { convertRequestSchema } from '../http/schemas.ts';
import { newId, requested } from '../ids.ts';
import type { Language } from '../language.ts';
import type { Logger } from '../observe/log.ts';
import type { Recordings } from '../recordings.ts';
import type { StorageQuota } from '../storage/quota.ts';
import type { Targets } from '../targets.ts';
import { within } from '../within.ts';
import { engineIn, resultKey } from './content-key.ts';
import { viewJob } from './job-view.ts';
import { type LoadMeter, workOf } from './load-meter.ts';
import type { Pace } from './pace.ts';
import type { JobQueue } from './queue.ts';
import { type BatchRequest, batchRowOf, deliveryOf } from './submission-rows.ts';

/** A checked request, defaults filled in. */
export type CheckedConvertRequest = z.output<typeof convertRequestSchema>;

interface StoredResult {
  readonly jobId: string;
  readonly ending: Ending;
}

interface Prepared {
  readonly row: NewJobRow;
  readonly earlier: StoredResult | undefined;
  readonly webhook: string | undefined;
}

export interface JobServiceParts {
  readonly jobs: JobRepository;
  readonly queue: JobQueue;
  readonly files: FileStore;
  readonly recordings: Recordings;
  readonly targets: Targets;
  readonly quota: StorageQuota;
  readonly pace: Pace;
  readonly load: LoadMeter;
  /** Engines that jobs may ask for. */
  readonly engines: readonly string[];
  /** The models that are known now. */
  readonly manifest: () => Promise<ModelManifest>;
  readonly log: Logger;
}

/** How long a user waits for the queue to take a stored job. Milliseconds. */
const longestEnqueue = 3000;
/** A client that was away for a while hears of the jobs that ended meanwhile. Milliseconds. */
const rememberedEndings = 5 * 60_000;

/** What users do with jobs. Each call names the workspace, and answers as if other workspaces' jobs did not exist. */
export class JobService {
  readonly #parts: JobServiceParts;

  constructor(parts: JobServiceParts) {
    this.#parts = parts;
  }

  /**
   * Stores the job and puts it in line; one whose result the workspace has already is done at once. Once it is stored it will be
   * done, even if the queue is out of reach now. Throws `InputError('engine-unknown' | 'option-invalid' | 'not-found' | 'voice-engine-mismatch')`,
   * `UnavailableError('quota-exceeded')`.
   *
   * The same request with the same `idempotencyKey` is the same job, even when the server was killed before it could answer.
   */
  async submit(
    workspaceId: string,
    request: CheckedConvertRequest,
    language: Language,
    idempotencyKey?: string,
  ): Promise<Job> {
    const { id, earlier } = await requested('job', workspaceId, idempotencyKey, request, this.#parts.jobs);
    if (earlier) return this.get(workspaceId, id, language);
    const [job] = await this.submitMany(workspaceId, [{ ...request, id }], language);
    if (!job) throw new InputError('not-found');
    return job;
  }

  /** The same for several jobs, all of them or none: every job comes in here. The answer is in the order of the requests. */
  async submitMany(
    workspaceId: string,
    requests: readonly (CheckedConvertRequest & { readonly id?: string })[],
    language: Language,
    batch?: BatchRequest,
  ): Promise<Job[]> {
    const manifest = await this.#parts.manifest();
    const prepared: Prepared[] = [];
    for (const { id = newId('job'), ...request } of requests) {
      prepared.push(await this.#prepare(workspaceId, id, request, manifest, language));
    }
    const toConvert = prepared.flatMap(({ row, earlier }) => (earlier ? [] : [row]));
    await this.#parts.quota.requireRoomForResults(workspaceId, toConvert);
    const jobs = prepared.map(({ row }, position) =>
      batch ? { ...row, batch_id: batch.id, batch_position: position } : row,
    );
    const webhooks = prepared.flatMap(({ row, webhook }) => deliveryOf('job', row.id, workspaceId, webhook, language));
    const [first] = jobs;
    await this.#parts.jobs.insertSubmission({
      jobs,
      batch: batch && first && batchRowOf(batch, first),
      webhooks: batch ? deliveryOf('batch', batch.id, workspaceId, batch.webhook, language) : webhooks,
    });
    for (const { row, earlier } of prepared) {
      if (earlier) await this.#parts.jobs.finish(row.id, earlier.ending, null);
    }
    await this.#enqueueSoon(prepared);
    const ids = jobs.map((row) => row.id);
    return this.#view(await this.#parts.jobs.findAll(workspaceId, ids), language);
  }

  /** The row of a job that is asked for, and the earlier result that serves it too. */
  async #prepare(
    workspaceId: string,
    id: string,
    request: CheckedConvertRequest,
    manifest: ModelManifest,
    language: Language,
  ): Promise<Prepared> {
    const { engine, source: sourceId, reference, voice, priority = 'normal', webhook, ...options } = request;
    if (!this.#parts.engines.includes(engine)) throw new InputError('engine-unknown', { engine });
    checkEngineOptions(engine, options);
    const { recordings, targets } = this.#parts;
    const voiceId = voice ?? reference ?? '';
    const [source, target] = await Promise.all([
      recordings.find(workspaceId, sourceId, language),
      targets.find(workspaceId, voiceId, language),
    ]);
    if (!source) throw new InputError('not-found', { id: sourceId });
    if (!target) throw new InputError('not-found', { id: voiceId });
    if (target.engines && !target.engines.includes(engine)) throw new InputError('voice-engine-mismatch', { engine });
    const contentKey = resultKey(source.file, target.voice, engineIn(manifest, engine), options);
    const earlier = await this.#storedResult(workspaceId, contentKey);
    const row: NewJobRow = {
      id,
      workspace_id: workspaceId,
      priority,
      engine,
      source_id: source.id,
      source_name: source.name,
      source_seconds: source.seconds,
      voice_id: target.id,
      voice_name: target.name,
      options: JSON.stringify(options),
      created_at: new Date().toISOString(),
      content_key: contentKey,
      result_job_id: earlier?.jobId ?? null,
    };
    return { row, earlier, webhook };
  }

  /** Throws `InputError('not-found')`. */
  async get(workspaceId: string, id: string, language: Language): Promise<Job> {
    const [job] = await this.#view([await this.#find(workspaceId, id)], language);
    if (!job) throw new InputError('not-found');
    return job;
  }

  /** A page of the workspace's jobs, newest first. Throws `InputError('not-found')` for a `before` that is not one of them. */
  async list(workspaceId: string, language: Language, { limit, before }: JobPage): Promise<JobList> {
    const border = before === undefined ? undefined : await this.#find(workspaceId, before);
    // One more than is shown tells whether there are any older ones.
    const rows = await this.#parts.jobs.list(workspaceId, limit + 1, border);
    const shown = rows.slice(0, limit);
    const last = rows.length > limit ? shown.at(-1) : undefined;
    return { jobs: await this.#view(shown, language), ...(last && { next: last.id }) };
  }

  /** The jobs of a batch in its order. */
  async ofBatch(workspaceId: string, batchId: string, language: Language): Promise<Job[]> {
    return this.#view(await this.#parts.jobs.ofBatch(workspaceId, batchId), language);
  }

  /** Jobs that have not ended, or only minutes ago, oldest first. */
  async current(workspaceId: string, language: Language): Promise<Job[]> {
    const endedAfter = new Date(Date.now() - rememberedEndings).toISOString();
    return this.#view(await this.#parts.jobs.current(workspaceId, endedAfter), language);
  }

  /** Ids of the workspace's jobs that have not ended. */
  async unfinishedIds(workspaceId: string): Promise<string[]> {
    return this.#parts.jobs.unfinishedIds(workspaceId);
  }

  /** Stops the job; one that has ended stays as it is. Throws `InputError('not-found')`. */
  async cancel(workspaceId: string, id: string, language: Language): Promise<Job> {
    await this.#find(workspaceId, id);
    const state = (await this.#parts.queue.states([id])).get(id);
    const startedAt = state?.status === 'active' ? state.startedAt : null;
    if (await this.#parts.jobs.finish(id, { outcome: 'cancelled' }, startedAt)) await this.#parts.queue.cancel(id);
    return this.get(workspaceId, id, language);
  }

  /** The converted file. Throws `InputError('not-found')` while there is none. */
  async result(workspaceId: string, id: string, language: Language): Promise<{ file: FileContent; about: JobResult }> {
    const row = await this.#find(workspaceId, id);
    const { result } = await this.get(workspaceId, id, language);
    if (!result) throw new InputError('not-found');
    const key = fileKeys.result(workspaceId, row.result_file ?? row.result_job_id ?? id);
    return { file: await this.#parts.files.open(key), about: result };
  }

  /** Puts jobs in line that the database knows as unfinished and the queue has lost. Answers how many. */
  async restoreLost(): Promise<number> {
    const { jobs, queue } = this.#parts;
    const unfinished = await jobs.unfinished();
    const known = await queue.states(unfinished.map((row) => row.id));
    let restored = 0;
    for (const { workspace_id: workspaceId, id } of unfinished.filter((row) => !known.has(row.id))) {
      // It may have ended since the first look, which is why the queue knows it no more.
      const row = await jobs.find(workspaceId, id);
      if (!row || row.outcome !== null) continue;
      await this.#enqueue(row);
      restored++;
    }
    return restored;
  }

  /** The result of an earlier job of the workspace with that content, where its file is still there. */
  async #storedResult(workspaceId: string, contentKey: string): Promise<StoredResult | undefined> {
    const { jobs, files } = this.#parts;
    const row = await jobs.findResult(workspaceId, contentKey);
    if (!row) return undefined;
    const { id: jobId, result_bytes: bytes, result_seconds: seconds, result_sample_rate: sampleRate, similarity } = row;
    const file = row.result_file ?? jobId;
    if (bytes === null || seconds === null || sampleRate === null) return undefined;
    const isThere = await files.open(fileKeys.result(workspaceId, file)).then(
      () => true,
      () => false,
    );
    return isThere ? { jobId, ending: { outcome: 'done', file, bytes, seconds, sampleRate, similarity } } : undefined;
  }

  /**
   * Puts stored jobs in line; one that is done only passes through, and the queue tells its user's sockets of it. Goes on
   * in the background when that takes long; what fails is made up for by `restoreLost`.
   */
  async #enqueueSoon(jobs: readonly Prepared[]): Promise<void> {
    const { queue, log } = this.#parts;
    const enqueued = (async () => {
      for (const { row, earlier } of jobs) {
        await this.#enqueue(row);
        if (earlier) await queue.finish(row.id);
      }
    })().catch((error: unknown) => {
      log.warn({ err: error, jobIds: jobs.map(({ row }) => row.id) }, 'jobs are stored, but not yet all in line');
    });
    await within(longestEnqueue, enqueued, undefined);
  }

  async #enqueue(row: NewJobRow): Promise<void> {
    await this.#parts.queue.add({
      jobId: row.id,
      workspaceId: row.workspace_id,
      priority: row.priority,
      seconds: row.source_seconds,
    });
  }

  async #find(workspaceId: string, id: string): Promise<JobRow> {
    const row = await this.#parts.jobs.find(workspaceId, id);
    if (!row) throw new InputError('not-found');
    return row;
  }

  async #view(rows: readonly JobRow[], language: Language): Promise<Job[]> {
    const { queue, pace, load } = this.#parts;
    const unfinished = rows.filter((row) => row.outcome === null);
    if (unfinished.length === 0) return rows.map((row) => viewJob(row, undefined, null, language));
    const states = await queue.states(unfinished.map((row) => row.id));
    const ahead = await load.recent();
    return rows.map((row) => {
      const state = states.get(row.id);
      const eta = pace.remaining(workOf(row), state ?? { status: 'queued' }, ahead, Date.now());
      return viewJob(row, state, eta, language);
    });
  }
}
