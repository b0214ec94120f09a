import type { TakenJob } from '../queue.ts';

/** A job that this process works on. */
export interface Hold {
  readonly job: TakenJob;
  /** What the job's lock says while it is ours. */
  readonly token: string;
  /** How often the job had been begun when we took it, us included: tells our attempt from a later one. */
  readonly begun: number;
}

export interface HoldsParts {
  /** Renews the locks of these jobs; answers the ids of those that belong to others now. */
  renew(holds: readonly Hold[]): Promise<readonly string[]>;
  /** Somebody else took the job over, for our lock had run out. It is held no more. */
  onLost(hold: Hold): void;
  onError(error: unknown): void;
}

/** The jobs that this process works on; renews their locks for as long as they are here. */
export class Holds {
  readonly #parts: HoldsParts;
  readonly #holds = new Map<string, Hold>();
  readonly #timer: Timer;
  #renewal: Promise<void> | undefined;

  constructor(parts: HoldsParts, everyMilliseconds: number) {
    this.#parts = parts;
    this.#timer = setInterval(() => {
      this.#renewal ??= this.renew().finally(() => {
        this.#renewal = undefined;
      });
    }, everyMilliseconds);
  }

  /** One that is here already under this id was lost to this very process. */
  add(hold: Hold): void {
    const before = this.release(hold.job.jobId);
    if (before) this.#parts.onLost(before);
    this.#holds.set(hold.job.jobId, hold);
  }

  find(jobId: string): Hold | undefined {
    return this.#holds.get(jobId);
  }

  release(jobId: string): Hold | undefined {
    const hold = this.#holds.get(jobId);
    this.#holds.delete(jobId);
    return hold;
  }

  /** Renews now. What happens by itself from time to time. */
  async renew(): Promise<void> {
    const holds = [...this.#holds.values()];
    if (holds.length === 0) return;
    try {
      const lost = new Set(await this.#parts.renew(holds));
      for (const hold of holds) {
        const { jobId } = hold.job;
        // Meanwhile the job may have ended, or been taken anew.
        if (!lost.has(jobId) || this.#holds.get(jobId) !== hold) continue;
        this.release(jobId);
        this.#parts.onLost(hold);
      }
    } catch (error) {
      this.#parts.onError(error);
    }
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#renewal;
    this.#holds.clear();
  }
}
