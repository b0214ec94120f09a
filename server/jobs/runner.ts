import { CancelledError, GiongError } from '#core/errors.ts';
import { parseOptions } from '#core/options.ts';
import type { Ending, JobRepository } from '../data/jobs.ts';
import type { JobRow } from '../data/schema.ts';
import { type FileStore, fileKeys } from '../files/store.ts';
import { convertOptionsSchema } from '../http/schemas.ts';
import { defaultLanguage } from '../language.ts';
import type { Logger } from '../observe/log.ts';
import type { Metrics } from '../observe/metrics.ts';
import type { Recordings } from '../recordings.ts';
import type { Targets } from '../targets.ts';
import type { ConvertHandlers } from '../workers/convert-worker.ts';
import type { WorkerPool } from '../workers/pool.ts';
import type { ConvertTask } from '../workers/tasks.ts';
import { WorkerCrashError } from '../workers/worker-client.ts';
import { Crew } from './crew.ts';
import type { Pace } from './pace.ts';
import type { JobQueue, TakenJob } from './queue.ts';

/** A job over which workers died this often is given up: its audio may be what kills them. */
const maxAttempts = 3;

export interface JobRunnerParts {
  readonly queue: JobQueue;
  readonly jobs: JobRepository;
  readonly files: FileStore;
  readonly recordings: Recordings;
  readonly targets: Targets;
  readonly pool: WorkerPool<ConvertHandlers>;
  readonly pace: Pace;
  readonly metrics: Metrics;
  readonly log: Logger;
  /** How long the work on a recording of so many seconds may take, in seconds; without it, for ever. */
  readonly limitOf?: (audioSeconds: number) => number;
}

/** Takes jobs from the queue, as many at once as there are workers, and sees each to its end. */
export class JobRunner {
  readonly #parts: JobRunnerParts;
  readonly #stopping = new AbortController();
  readonly #running = new Map<string, AbortController>();
  readonly #crew: Crew<TakenJob>;

  constructor(parts: JobRunnerParts) {
    this.#parts = parts;
    this.#crew = new Crew(
      (signal) => parts.queue.take(signal),
      (taken) => this.#see(taken),
    );
  }

  start(): void {
    const { queue, pool } = this.#parts;
    queue.subscribe((event) => {
      if (event.type === 'cancel') this.#running.get(event.jobId)?.abort();
    });
    const follow = () => {
      if (!this.#stopping.signal.aborted) this.#crew.resize(pool.size);
    };
    pool.onResize(follow);
    follow();
  }

  /** Takes no more jobs; hands those back to the queue that still run after `graceSeconds`, and waits until that is done. */
  async stop(graceSeconds = 0): Promise<void> {
    this.#stopping.abort();
    const handBack = () => {
      for (const controller of this.#running.values()) controller.abort();
    };
    const late = graceSeconds > 0 ? setTimeout(handBack, graceSeconds * 1000) : undefined;
    if (!late) handBack();
    await this.#crew.dismiss();
    clearTimeout(late);
  }

  async #see(taken: TakenJob): Promise<void> {
    // Heard from the first moment: a cancel that came before the database is asked shows there.
    const controller = new AbortController();
    this.#running.set(taken.jobId, controller);
    // The last worker may have gone while the job came: others may have some.
    if (this.#stopping.signal.aborted || this.#parts.pool.size === 0) controller.abort();
    try {
      await this.#run(taken, controller.signal);
    } catch (error) {
      this.#parts.log.error({ err: error, jobId: taken.jobId }, 'a job could not be brought to its end');
    } finally {
      this.#running.delete(taken.jobId);
    }
  }

  async #run(taken: TakenJob, signal: AbortSignal): Promise<void> {
    const { jobs, queue, metrics, log } = this.#parts;
    const { jobId, workspaceId, attempt } = taken;
    const row = await jobs.find(workspaceId, jobId);
    if (!row || row.outcome !== null) return queue.finish(jobId);

    const started = Date.now();
    const startedAt = new Date(started).toISOString();
    try {
      if (attempt > maxAttempts) throw new GiongError('internal');
      const ending = await this.#convert(row, signal);
      const tookSeconds = (Date.now() - started) / 1000;
      this.#parts.pace.observe(row.source_seconds, tookSeconds);
      if (await jobs.finish(jobId, ending, startedAt)) {
        metrics.countJob({ outcome: 'done', seconds: tookSeconds, audioSeconds: row.source_seconds });
        log.info({ jobId, seconds: row.source_seconds, tookSeconds }, 'job done');
      } else {
        // Its user cancelled it at the last moment.
        await this.#parts.files.remove(fileKeys.result(workspaceId, jobId));
      }
      await queue.finish(jobId);
    } catch (error) {
      await this.#settle(taken, error, startedAt);
    }
  }

  /** What a failed attempt means for the job. */
  async #settle({ jobId, workspaceId, attempt }: TakenJob, error: unknown, startedAt: string): Promise<void> {
    const { jobs, files, queue, metrics, log } = this.#parts;
    await files.remove(fileKeys.result(workspaceId, jobId));
    if (error instanceof CancelledError) {
      // Stopped by its user, the job has left the queue and this changes nothing; stopped by us, it goes back in line.
      await queue.handBack(jobId, false);
      return;
    }
    if (error instanceof WorkerCrashError && attempt < maxAttempts) {
      log.warn({ err: error, jobId, attempt }, 'a worker died; the job is tried again');
      await queue.handBack(jobId, true);
      return;
    }
    const { code, details } = error instanceof GiongError ? error : new GiongError('internal');
    const level = code === 'internal' ? 'error' : 'info';
    log[level]({ err: error, jobId, code }, 'job failed');
    const seconds = (Date.now() - Date.parse(startedAt)) / 1000;
    if (await jobs.finish(jobId, { outcome: 'failed', code, details }, startedAt)) {
      metrics.countJob({ outcome: 'failed', seconds, audioSeconds: 0 });
    }
    await queue.finish(jobId);
  }

  async #convert(row: JobRow, signal: AbortSignal): Promise<Ending> {
    const { pool, queue, metrics, limitOf } = this.#parts;
    const task = await this.#taskOf(row);
    const onProgress = (fraction: number) => void queue.progress(row.id, fraction);
    const limit = limitOf && { limitSeconds: limitOf(row.source_seconds) };
    const { voiceWasCached, ...result } = await pool.run('convert', task, { signal, onProgress, ...limit });
    metrics.countVoice(voiceWasCached);
    return { outcome: 'done', ...result };
  }

  async #taskOf(row: JobRow): Promise<ConvertTask> {
    const { recordings, targets } = this.#parts;
    const [source, target] = await Promise.all([
      recordings.find(row.workspace_id, row.source_id, defaultLanguage),
      targets.find(row.workspace_id, row.voice_id, defaultLanguage),
    ]);
    if (!source || !target) throw new GiongError('not-found', { id: source ? row.voice_id : row.source_id });
    const options = convertOptionsSchema.omit({ engine: true }).parse(JSON.parse(row.options));
    const { strength, pitch, formant, seed, noiseReduction, sampleRate, format } = options;
    return {
      jobId: row.id,
      source: source.file,
      voice: target.voice,
      engine: row.engine,
      options: parseOptions({ strength, pitch, formant, seed, denoise: noiseReduction, outputRate: sampleRate }),
      format,
      resultKey: fileKeys.result(row.workspace_id, row.id),
    };
  }
}
