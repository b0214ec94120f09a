import { throwIfCancelled } from '#core/errors.ts';
import type { Handlers, Input, Output } from './protocol.ts';
import { type CallOptions, WorkerClient } from './worker-client.ts';

/** A fixed number of workers with the same handlers; calls beyond that number wait their turn. */
export class WorkerPool<Table extends Handlers<Table>> {
  readonly size: number;
  readonly #idle: WorkerClient<Table>[];
  readonly #all: readonly WorkerClient<Table>[];
  readonly #waiting: ((client: WorkerClient<Table>) => void)[] = [];

  constructor(size: number, spawn: () => Worker) {
    this.size = size;
    this.#all = Array.from({ length: size }, () => new WorkerClient<Table>(spawn));
    this.#idle = [...this.#all];
  }

  /** How many workers are at work. */
  get busy(): number {
    return this.size - this.#idle.length;
  }

  /** Runs a handler on the next free worker; see `WorkerClient.call`. */
  async run<Name extends keyof Table & string>(
    method: Name,
    input: Input<Table[Name]>,
    options: CallOptions = {},
  ): Promise<Output<Table[Name]>> {
    const client = this.#idle.pop() ?? (await new Promise<WorkerClient<Table>>((give) => this.#waiting.push(give)));
    try {
      throwIfCancelled(options.signal);
      return await client.call(method, input, options);
    } finally {
      this.#free(client);
    }
  }

  /** Runs a handler once on every worker, such as one that loads the models. */
  async runOnEach<Name extends keyof Table & string>(method: Name, input: Input<Table[Name]>): Promise<void> {
    await Promise.all(this.#all.map(() => this.run(method, input)));
  }

  /** Ends all threads; running calls fail with `CancelledError`. */
  stop(): void {
    for (const client of this.#all) client.stop();
  }

  #free(client: WorkerClient<Table>): void {
    const next = this.#waiting.shift();
    if (next) next(client);
    else this.#idle.push(client);
  }
}
