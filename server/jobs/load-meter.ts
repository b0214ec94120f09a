import type { JobRepository } from '../data/jobs.ts';
import type { JobRow } from '../data/schema.ts';
import type { Load, Work } from './pace.ts';
import type { JobQueue, QueueCounts } from './queue.ts';

/** How long one look serves for estimates: many jobs are looked at in that time. Milliseconds. */
const lifetime = 1000;

/** What a stored job has to do. */
export function workOf({ engine, options, source_seconds: seconds }: WorkRow): Work {
  return { engine, options: JSON.parse(options), seconds };
}

type WorkRow = Pick<JobRow, 'engine' | 'options' | 'source_seconds'>;

/** Looks at what there is to do, on all hosts together, for estimates. */
export class LoadMeter {
  readonly #queue: JobQueue;
  readonly #jobs: Pick<JobRepository, 'unfinishedWork'>;
  #last: { readonly at: number; readonly load: Promise<Load> } | undefined;

  constructor(queue: JobQueue, jobs: Pick<JobRepository, 'unfinishedWork'>) {
    this.#queue = queue;
    this.#jobs = jobs;
  }

  /** At most a second old. */
  recent(): Promise<Load> {
    const now = Date.now();
    if (!this.#last || now - this.#last.at >= lifetime) {
      const load = this.now();
      this.#last = { at: now, load };
      load.catch(() => {
        this.#last = undefined;
      });
    }
    return this.#last.load;
  }

  async now(): Promise<Load & { readonly counts: QueueCounts }> {
    const [counts, work] = await Promise.all([this.#queue.counts(), this.#jobs.unfinishedWork()]);
    return { counts, work: work.map(workOf) };
  }
}
