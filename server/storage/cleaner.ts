import type { LeaseRepository } from '../data/leases.ts';
import type { RetentionRepository } from '../data/retention.ts';
import type { SessionRepository } from '../data/sessions.ts';
import { type FileStore, fileKeys } from '../files/store.ts';
import type { Logger } from '../observe/log.ts';
import type { Metrics } from '../observe/metrics.ts';
import { removeOrphans } from './orphans.ts';
import { removeUnneededResults } from './workspace-storage.ts';

const hour = 3600;
const day = 24 * hour;
/** A little less than the time between two rounds, so that the next one finds the lease free. */
const roundLease = hour - 60;
const orphanLease = day - 60;
/** A session lives as long as its cookie, which is longer than what is stored. */
const sessionDays = 365;
/** Records that go at once, and how often in one round: the next round goes on. */
const batchSize = 200;
const mostBatches = 100;

export interface CleanerParts {
  readonly retention: RetentionRepository;
  readonly sessions: SessionRepository;
  readonly leases: LeaseRepository;
  readonly files: FileStore;
  readonly metrics: Pick<Metrics, 'countCleaned'>;
  readonly log: Logger;
  /** 0 keeps for ever. */
  readonly keepDays: number;
  readonly now?: () => Date;
}

/** How many of each went. */
export interface Cleaned {
  readonly jobs: number;
  readonly results: number;
  readonly batches: number;
  readonly uploads: number;
  /** Those that were sent for conversions alone. */
  readonly voices: number;
  readonly sessions: number;
  /** Files without a record. */
  readonly orphans: number;
}

/**
 * Deletes by age: jobs that have ended with their results, uploads and unlisted voices that no unfinished job needs, sessions without
 * use; and what killed processes left: half-written files, files without a record. Once an hour, in one process of all that share the database.
 */
export class Cleaner {
  readonly #parts: CleanerParts;
  #timer: Timer | undefined;
  #round: Promise<unknown> = Promise.resolve();
  #isStopping = false;

  constructor(parts: CleanerParts) {
    this.#parts = parts;
  }

  /** Begins the first round now. */
  start(): void {
    const begin = () => {
      this.#round = this.cleanNow().catch((error: unknown) => this.#parts.log.error({ err: error }, 'cleaning failed'));
    };
    begin();
    this.#timer = setInterval(begin, hour * 1000);
  }

  /** Waits until the batch at hand is done. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    clearInterval(this.#timer);
    await this.#round;
  }

  /** One round; undefined when another process has had it. */
  async cleanNow(): Promise<Cleaned | undefined> {
    const { leases, files, metrics, log, keepDays } = this.#parts;
    // Each machine may have a folder of its own for these.
    await files.clearTemporary();
    const now = this.#parts.now?.() ?? new Date();
    if (!(await leases.take('cleaning', roundLease, now))) return undefined;
    const kept = { jobs: 0, results: 0, batches: 0, uploads: 0, voices: 0, sessions: 0 };
    const aged = keepDays > 0 ? await this.#removeAged(now) : kept;
    const orphans = (await leases.take('orphans', orphanLease, now)) ? await this.#removeOrphans(now) : 0;
    const cleaned = { ...aged, orphans };
    for (const [kind, count] of Object.entries(cleaned)) metrics.countCleaned(kind, count);
    if (Object.values(cleaned).some((count) => count > 0)) log.info(cleaned, 'cleaned');
    return cleaned;
  }

  async #removeAged(now: Date): Promise<Omit<Cleaned, 'orphans'>> {
    const { retention, sessions, files, keepDays } = this.#parts;
    const before = daysBefore(now, keepDays);
    let results = 0;
    // Jobs first: what they were made of may go with them.
    const jobs = await this.#inBatches(async () => {
      const removed = await retention.removeOldJobs(before, batchSize);
      results += await removeUnneededResults(removed, retention, files);
      return removed.length;
    });
    const uploads = await this.#inBatches(async () => {
      const removed = await retention.removeOldUploads(before, batchSize);
      for (const { workspaceId, id } of removed) await files.remove(fileKeys.upload(workspaceId, id));
      return removed.length;
    });
    const voices = await this.#inBatches(async () => {
      const removed = await retention.removeOldUnlistedVoices(before, batchSize);
      for (const { workspaceId, id } of removed) await files.remove(fileKeys.voice(workspaceId, id));
      return removed.length;
    });
    const unused = daysBefore(now, Math.max(keepDays, sessionDays));
    return {
      jobs,
      results,
      batches: await this.#inBatches(() => retention.removeEmptyBatches(before, batchSize)),
      uploads,
      voices,
      sessions: await this.#inBatches(() => sessions.removeUnused(unused, batchSize)),
    };
  }

  async #removeOrphans(now: Date): Promise<number> {
    const { files, retention } = this.#parts;
    return removeOrphans({
      files,
      retention,
      before: new Date(now.getTime() - day * 1000),
      goOn: () => !this.#isStopping,
    });
  }

  /** Batch after batch until one is not full. */
  async #inBatches(removeBatch: () => Promise<number>): Promise<number> {
    let total = 0;
    for (let batch = 0; batch < mostBatches && !this.#isStopping; batch++) {
      const removed = await removeBatch();
      total += removed;
      if (removed < batchSize) break;
    }
    return total;
  }
}

function daysBefore(now: Date, days: number): string {
  return new Date(now.getTime() - days * day * 1000).toISOString();
}
