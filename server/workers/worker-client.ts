import { CancelledError, GiongError } from '#core/errors.ts';
import {
  type AnswerMessage,
  type CallMessage,
  type Handlers,
  type Input,
  type Output,
  parseError,
  type SetupMessage,
} from './protocol.ts';

/** The worker died over the call; its input may be fine. */
export class WorkerCrashError extends GiongError {
  constructor(reason: string) {
    super('internal', {}, { cause: new Error(reason) });
  }
}

/** Starts a thread and hands it what its handlers need. */
export function spawnWorker<Setup>(file: URL, setup: Setup): Worker {
  const worker = new Worker(file.href);
  worker.postMessage({ setup } satisfies SetupMessage<Setup>);
  return worker;
}

/** How the caller of a worker follows and stops a call. */
export interface CallOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (fraction: number) => void;
}

/** A cancelled call that the worker has not given up after this many milliseconds costs the worker its life. */
const cancelGrace = 700;

interface PendingCall {
  readonly callId: number;
  readonly onProgress: ((fraction: number) => void) | undefined;
  readonly resolve: (output: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** One worker thread, started when first needed and again after a crash. One call at a time. */
export class WorkerClient<Table extends Handlers<Table>> {
  readonly #spawn: () => Worker;
  #worker: Worker | undefined;
  #pending: PendingCall | undefined;
  #calls = 0;

  constructor(spawn: () => Worker) {
    this.#spawn = spawn;
  }

  /**
   * Runs a handler in the worker. Throws what the handler threw, `CancelledError` soon after the signal is aborted
   * (the worker is stopped by force if need be), `WorkerCrashError`.
   */
  async call<Name extends keyof Table & string>(
    method: Name,
    input: Input<Table[Name]>,
    { signal, onProgress }: CallOptions = {},
  ): Promise<Output<Table[Name]>> {
    if (this.#pending) throw new Error('the worker is busy');
    if (signal?.aborted) throw new CancelledError();
    const callId = ++this.#calls;
    const cancelFlag = new Int32Array(new SharedArrayBuffer(4));
    const worker = this.#start();
    const answer = new Promise<unknown>((resolve, reject) => {
      this.#pending = { callId, onProgress, resolve, reject };
    });

    let deadline: Timer | undefined;
    const cancel = () => {
      Atomics.store(cancelFlag, 0, 1);
      deadline = setTimeout(() => this.#giveUp(worker, new CancelledError()), cancelGrace);
    };
    signal?.addEventListener('abort', cancel, { once: true });
    try {
      worker.postMessage({ callId, method, input, cancelFlag } satisfies CallMessage);
      return (await answer) as Output<Table[Name]>;
    } finally {
      signal?.removeEventListener('abort', cancel);
      clearTimeout(deadline);
      this.#pending = undefined;
    }
  }

  /** Ends the thread; a running call fails with `CancelledError`. */
  stop(): void {
    if (this.#worker) this.#giveUp(this.#worker, new CancelledError());
  }

  #start(): Worker {
    if (this.#worker) return this.#worker;
    const worker = this.#spawn();
    let lastError = 'worker closed';
    worker.addEventListener('message', ({ data }: MessageEvent<AnswerMessage>) => this.#hear(data));
    worker.addEventListener('error', (event) => {
      event.preventDefault();
      lastError = event.message;
    });
    worker.addEventListener('close', () => this.#lose(worker, new WorkerCrashError(lastError)));
    this.#worker = worker;
    return worker;
  }

  #hear(message: AnswerMessage): void {
    const pending = this.#pending;
    if (pending?.callId !== message.callId) return;
    if (message.type === 'progress') pending.onProgress?.(message.fraction);
    else if (message.type === 'result') pending.resolve(message.output);
    else pending.reject(parseError(message.error));
  }

  #giveUp(worker: Worker, error: Error): void {
    this.#lose(worker, error);
    worker.terminate();
  }

  #lose(worker: Worker, error: Error): void {
    if (this.#worker !== worker) return;
    this.#worker = undefined;
    this.#pending?.reject(error);
  }
}
