import { CancelledError, GiongError } from '#core/errors.ts';
import { parseOptions } from '#core/options.ts';
import type { Ending, JobRepository } from '../data/jobs.ts';
import type { JobRow } from '../data/schema.ts';
import { type FileStore, fileKeys } from '../files/store.ts';
import { convertOptionsSchema } from '../http/schemas.ts';
import { newId } from '../ids.ts';
import { defaultLanguage } from '../language.ts';
import type { Logger } from '../observe/log.ts';
import type { Metrics } from '../observe/metrics.ts';
import type { Recordings } from '../recordings.ts';
import { pauseFor } from '../redis/outage.ts';
import type { Targets } from '../targets.ts';
import type { ConvertHandlers } from '../workers/convert-worker.ts';
import type { WorkerPool } from '../workers/pool.ts';
import type { ConvertTask } from '../workers/tasks.ts';
import { WorkerCrashError } from '../workers/worker-client.ts';
import { Crew } from './crew.ts';
import { workOf } from './load-meter.ts';
import type { Pace } from './pace.ts';
import type { JobQueue, TakenJob } from './queue.ts';

/** A job over which workers died this often is given up: its audio may be what kills them. */
const maxAttempts = 3;
/** The pause before a job whose worker died is tried again; doubled each time. */
const crashPauseMilliseconds = 250;
/** The pause after database, queue or files did not do their part. */
const outagePauseMilliseconds = 1000;

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

/** One try at a job. In a fleet, and after an outage even here, another may be at the same job: the first ending counts. */
interface Attempt {
  readonly taken: TakenJob;
  readonly controller: AbortController;
  /** The last part of the key under which its result lies. */
  readonly file: string;
  readonly startedAt: string;
  /** The job left the queue or is another's now: nothing may be said of it there any more. */
  isRevoked: boolean;
}

/** Takes jobs from the queue, as many at once as there are workers, and sees each to its end. */
export class JobRunner {
  readonly #parts: JobRunnerParts;
  readonly #stopping = new AbortController();
  readonly #attempts = new Set<Attempt>();
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
      if (event.type === 'cancel') this.#revoke(event.jobId);
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
      for (const { controller } of this.#attempts) controller.abort();
    };
    const late = graceSeconds > 0 ? setTimeout(handBack, graceSeconds * 1000) : undefined;
    if (!late) handBack();
    await this.#crew.dismiss();
    clearTimeout(late);
  }

  #revoke(jobId: string): void {
    for (const attempt of this.#attempts) {
      if (attempt.taken.jobId !== jobId) continue;
      attempt.isRevoked = true;
      attempt.controller.abort();
    }
  }

  async #see(taken: TakenJob): Promise<void> {
    const attempt: Attempt = {
      taken,
      controller: new AbortController(),
      file: newId('attempt'),
      startedAt: new Date().toISOString(),
      isRevoked: false,
    };
    // Heard from the first moment: a cancel that came before the database is asked shows there.
    this.#attempts.add(attempt);
    // The last worker may have gone while the job came: others may have some.
    if (this.#stopping.signal.aborted || this.#parts.pool.size === 0) attempt.controller.abort();
    try {
      await this.#run(attempt);
    } catch (error) {
      await this.#giveUp(attempt, error);
    } finally {
      this.#attempts.delete(attempt);
    }
  }

  async #run(attempt: Attempt): Promise<void> {
    const { jobs, queue } = this.#parts;
    const { jobId, workspaceId } = attempt.taken;
    const row = await jobs.find(workspaceId, jobId);
    if (!row || row.outcome !== null) return queue.finish(jobId);
    try {
      if (attempt.taken.attempt > maxAttempts) throw new GiongError('internal');
      await this.#keep(attempt, row, await this.#convert(attempt, row));
    } catch (error) {
      await this.#settle(attempt, error);
    }
  }

  /** The conversion is done: its result counts, unless the job has ended otherwise meanwhile. */
  async #keep(attempt: Attempt, row: JobRow, ending: Ending): Promise<void> {
    const { jobs, queue, pace, metrics, log } = this.#parts;
    const { jobId } = attempt.taken;
    const tookSeconds = secondsSince(attempt.startedAt);
    pace.observe(workOf(row), tookSeconds);
    if (await jobs.finish(jobId, ending, attempt.startedAt)) {
      metrics.countJob({ outcome: 'done', seconds: tookSeconds, audioSeconds: row.source_seconds });
      log.info({ jobId, seconds: row.source_seconds, tookSeconds }, 'job done');
    } else {
      await this.#discard(attempt);
    }
    await queue.finish(jobId);
  }

  /** What a failed attempt means for the job. */
  async #settle(attempt: Attempt, error: unknown): Promise<void> {
    const { jobs, queue, metrics, log } = this.#parts;
    const { jobId, attempt: count } = attempt.taken;
    await this.#discard(attempt);
    if (error instanceof CancelledError) {
      if (!attempt.isRevoked) await queue.handBack(jobId, false);
      return;
    }
    if (error instanceof WorkerCrashError && count < maxAttempts) {
      log.warn({ err: error, jobId, attempt: count }, 'a worker died; the job is tried again');
      await pauseFor(crashPauseMilliseconds * 2 ** (count - 1), this.#stopping.signal);
      if (!attempt.isRevoked) await queue.handBack(jobId, true);
      return;
    }
    // Neither the audio nor we are to blame for what others could not do: such a job is tried again, however often.
    if (!(error instanceof GiongError) || error.code === 'storage-unavailable') throw error;
    const { code, details } = error;
    log[code === 'internal' ? 'error' : 'info']({ err: error, jobId, code }, 'job failed');
    if (await jobs.finish(jobId, { outcome: 'failed', code, details }, attempt.startedAt)) {
      metrics.countJob({ outcome: 'failed', seconds: secondsSince(attempt.startedAt), audioSeconds: 0 });
    }
    await queue.finish(jobId);
  }

  /** Database, queue or files failed us: the job goes back in line after a pause, and its result, if there is one, goes. */
  async #giveUp(attempt: Attempt, error: unknown): Promise<void> {
    const { queue, log } = this.#parts;
    const { jobId } = attempt.taken;
    log.error({ err: error, jobId }, 'a job could not be brought to its end; it goes back in line');
    await pauseFor(outagePauseMilliseconds, this.#stopping.signal);
    try {
      // Files that can't be reached now are found later by what cleans up.
      await this.#discard(attempt).catch((failure: unknown) =>
        log.warn({ err: failure, jobId }, 'a file stays behind'),
      );
      if (!attempt.isRevoked) await queue.handBack(jobId, false);
    } catch (failure) {
      // Its lock runs out by itself, or the next start recovers it.
      log.error({ err: failure, jobId }, 'a job could not be handed back');
    }
  }

  async #discard({ taken, file }: Attempt): Promise<void> {
    await this.#parts.files.remove(fileKeys.result(taken.workspaceId, file));
  }

  async #convert({ file, controller }: Attempt, row: JobRow): Promise<Ending> {
    const { pool, queue, metrics, limitOf } = this.#parts;
    const task = await this.#taskOf(row, file);
    const onProgress = (fraction: number) => void queue.progress(row.id, fraction);
    const options = {
      signal: controller.signal,
      onProgress,
      ...(limitOf && { limitSeconds: limitOf(row.source_seconds) }),
    };
    const { voiceWasCached, ...result } = await pool.run('convert', task, options);
    metrics.countVoice(voiceWasCached);
    return { outcome: 'done', file, ...result };
  }

  async #taskOf(row: JobRow, file: string): Promise<ConvertTask> {
    const { recordings, targets } = this.#parts;
    const [source, target] = await Promise.all([
      recordings.find(row.workspace_id, row.source_id, defaultLanguage),
      targets.find(row.workspace_id, row.voice_id, defaultLanguage),
    ]);
    if (!source || !target) throw new GiongError('not-found', { id: source ? row.voice_id : row.source_id });
    const options = convertOptionsSchema.omit({ engine: true }).parse(JSON.parse(row.options));
    const { noiseReduction, sampleRate, format, similarity, ...others } = options;
    return {
      jobId: row.id,
      source: source.file,
      voice: target.voice,
      engine: row.engine,
      options: parseOptions({ ...others, denoise: noiseReduction, outputRate: sampleRate }),
      format,
      similarity,
      resultKey: fileKeys.result(row.workspace_id, file),
    };
  }
}

function secondsSince(time: string): number {
  return (Date.now() - Date.parse(time)) / 1000;
}
