import { CancelledError, throwIfCancelled } from '#core/errors.ts';
import type { Logger } from '../observe/log.ts';
import { coresFor } from './affinity.ts';
import { MemoryGuard } from './memory-guard.ts';
import type { CacheUsage, Handlers, Input, Output } from './protocol.ts';
import { type CallOptions, WorkerClient, type WorkerEnd } from './worker-client.ts';

export interface PoolOptions {
  readonly log?: Logger;
  /** Cores to deal out among the workers; undefined: they run where the system puts them. */
  readonly cores?: readonly number[] | undefined;
  /** A worker that holds more bytes than this after a call is replaced. */
  readonly workerMemory?: number;
  /** While the whole process holds more bytes than this, its largest workers are replaced one by one. */
  readonly processMemory?: number;
}

/** How many workers were replaced, by why: died, did not heed that they were stopped, held too much memory. */
export interface Replacements {
  readonly crashed: number;
  readonly stuck: number;
  readonly memory: number;
}

/** What all workers hold together. */
export interface PoolUsage {
  readonly memoryBytes: number;
  readonly caches: Readonly<Record<string, CacheUsage>>;
}

/** Workers with the same handlers, a number that can change; calls beyond that number wait their turn. */
export class WorkerPool<Table extends Handlers<Table>> {
  readonly #spawn: () => Worker;
  readonly #options: PoolOptions;
  readonly #guard: MemoryGuard;
  readonly #replacements = { crashed: 0, stuck: 0, memory: 0 };
  readonly #resized = new Set<() => void>();
  /** In the order of their making; the idle ones among them by when they were freed. */
  readonly #all = new Set<WorkerClient<Table>>();
  readonly #idle: WorkerClient<Table>[] = [];
  /** First come, first served; undefined tells a call that it will not be served any more. */
  readonly #waiting = new Set<(client: WorkerClient<Table> | undefined) => void>();
  #size = 0;
  #isStopped = false;
  #isUnpinnedTold = false;

  constructor(size: number, spawn: () => Worker, options: PoolOptions = {}) {
    this.#spawn = spawn;
    this.#options = options;
    this.#guard = new MemoryGuard(options.workerMemory, options.processMemory);
    this.resize(size);
  }

  /** How many workers there are to be: busy ones beyond that number end with their calls. */
  get size(): number {
    return this.#size;
  }

  /** How many workers are at work. */
  get busy(): number {
    return this.#all.size - this.#idle.length;
  }

  get idle(): number {
    return this.#idle.length;
  }

  get replacements(): Replacements {
    return { ...this.#replacements };
  }

  get usage(): PoolUsage {
    const usages = [...this.#all].flatMap(({ usage }) => usage ?? []);
    return {
      memoryBytes: usages.reduce((total, { memoryBytes }) => total + memoryBytes, 0),
      caches: sumCaches(usages.flatMap(({ caches }) => Object.entries(caches))),
    };
  }

  /** Grows at once; shrinks by its idle workers at once and by busy ones as they become free. No call is lost. */
  resize(size: number): void {
    this.#size = size;
    while (this.#all.size < size) {
      const client = new WorkerClient<Table>(this.#spawn, (end, reason) => this.#ended(end, reason));
      this.#all.add(client);
      this.#giveOn(client);
    }
    while (this.#all.size > size) {
      const client = this.#idle.pop();
      if (!client) break;
      this.#dismiss(client);
    }
    for (const listener of this.#resized) listener();
  }

  /** Calls the listener after every change of size. */
  onResize(listener: () => void): void {
    this.#resized.add(listener);
  }

  /** Runs a handler on the next free worker; see `WorkerClient.call`. Waiting for the worker does not count towards the time limit. */
  async run<Name extends keyof Table & string>(
    method: Name,
    input: Input<Table[Name]>,
    options: CallOptions = {},
  ): Promise<Output<Table[Name]>> {
    const client = this.#idle.pop() ?? (await this.#nextFree(options.signal));
    if (!client) throw new CancelledError();
    try {
      throwIfCancelled(options.signal);
      return await client.call(method, input, options, this.#placeOf(client));
    } finally {
      this.#free(client);
    }
  }

  /** Runs a handler once on every worker, such as one that loads the models. */
  async runOnEach<Name extends keyof Table & string>(method: Name, input: Input<Table[Name]>): Promise<void> {
    await Promise.all(Array.from({ length: this.#size }, () => this.run(method, input)));
  }

  /** Ends all threads; running and waiting calls fail with `CancelledError`. */
  stop(): void {
    this.#isStopped = true;
    for (const give of this.#waiting) give(undefined);
    for (const client of this.#all) client.stop();
  }

  /** Undefined when the signal is aborted or the pool stopped first. */
  #nextFree(signal: AbortSignal | undefined): Promise<WorkerClient<Table> | undefined> {
    return new Promise((resolve) => {
      const leave = () => give(undefined);
      const give = (client: WorkerClient<Table> | undefined) => {
        this.#waiting.delete(give);
        signal?.removeEventListener('abort', leave);
        resolve(client);
      };
      this.#waiting.add(give);
      signal?.addEventListener('abort', leave);
      if (this.#isStopped || signal?.aborted) leave();
    });
  }

  #placeOf(client: WorkerClient<Table>) {
    const { cores } = this.#options;
    const place = [...this.#all].indexOf(client);
    return { cores: cores && coresFor(place, this.#all.size, cores), collectGarbage: this.#guard.isWatching };
  }

  #free(client: WorkerClient<Table>): void {
    if (this.#all.size > this.#size) {
      this.#dismiss(client);
      return;
    }
    this.#tellUnpinned(client.usage?.pinError);
    this.#watchMemory(client);
    this.#giveOn(client);
  }

  #giveOn(client: WorkerClient<Table>): void {
    const [next] = this.#waiting;
    if (next) next(client);
    else this.#idle.push(client);
  }

  #dismiss(client: WorkerClient<Table>): void {
    this.#all.delete(client);
    client.stop();
  }

  /** The thread ends here, between two calls; the next call starts another. */
  #watchMemory(client: WorkerClient<Table>): void {
    const sizes = [...this.#all].map(({ usage }) => usage?.memoryBytes ?? 0);
    const excess = this.#guard.excess(client.usage?.memoryBytes ?? 0, sizes);
    if (!excess) return;
    this.#replacements.memory++;
    this.#options.log?.warn(excess, 'a worker is replaced, for it holds too much memory');
    client.stop();
  }

  #ended(end: WorkerEnd, reason: string): void {
    if (end === 'retired') return;
    this.#replacements[end]++;
    this.#options.log?.error({ end, reason }, 'a worker is replaced, for it ended over its work');
  }

  #tellUnpinned(reason: string | undefined): void {
    if (reason === undefined || this.#isUnpinnedTold) return;
    this.#isUnpinnedTold = true;
    this.#options.log?.info({ reason }, 'workers are not pinned to cores');
  }
}

function sumCaches(caches: readonly (readonly [string, CacheUsage])[]): Record<string, CacheUsage> {
  const sums: Record<string, CacheUsage> = {};
  for (const [name, usage] of caches) {
    const sum = sums[name] ?? { entries: 0, bytes: 0, budgetBytes: 0, hits: 0, misses: 0 };
    sums[name] = {
      entries: sum.entries + usage.entries,
      bytes: sum.bytes + usage.bytes,
      budgetBytes: sum.budgetBytes + usage.budgetBytes,
      hits: sum.hits + usage.hits,
      misses: sum.misses + usage.misses,
    };
  }
  return sums;
}
