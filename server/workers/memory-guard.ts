/** After a worker went for the process' sake, its memory is given time to come back before the next one goes. */
const settleMilliseconds = 30_000;

/** Why a worker holds too much: by itself, or as the largest one of a process that does. */
export interface MemoryExcess {
  readonly whose: 'worker' | 'process';
  readonly bytes: number;
  readonly budget: number;
  readonly workerBytes: number;
}

/** Judges after each call whether its worker has to go. */
export class MemoryGuard {
  readonly #workerBudget: number;
  readonly #processBudget: number;
  readonly #processBytes: () => number;
  #lastForProcess = Number.NEGATIVE_INFINITY;

  /** Budgets in bytes. `processBytes` tells what the process holds now. */
  constructor(
    workerBudget = Number.POSITIVE_INFINITY,
    processBudget = Number.POSITIVE_INFINITY,
    processBytes = () => process.memoryUsage.rss(),
  ) {
    this.#workerBudget = workerBudget;
    this.#processBudget = processBudget;
    this.#processBytes = processBytes;
  }

  /** Whether there is a budget at all. */
  get isWatching(): boolean {
    return Math.min(this.#workerBudget, this.#processBudget) < Number.POSITIVE_INFINITY;
  }

  /** `workerBytes` is what the worker holds, `all` what each worker does. Threads share a process, so it can only be measured as a whole. */
  excess(workerBytes: number, all: readonly number[]): MemoryExcess | undefined {
    if (workerBytes > this.#workerBudget) {
      return { whose: 'worker', bytes: workerBytes, budget: this.#workerBudget, workerBytes };
    }
    if (this.#processBudget === Number.POSITIVE_INFINITY || workerBytes < Math.max(...all)) return undefined;
    if (performance.now() - this.#lastForProcess < settleMilliseconds) return undefined;
    const bytes = this.#processBytes();
    if (bytes <= this.#processBudget) return undefined;
    this.#lastForProcess = performance.now();
    return { whose: 'process', bytes, budget: this.#processBudget, workerBytes };
  }
}
