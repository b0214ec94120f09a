import { CancelledError, GiongError, UnavailableError } from '#core/errors.ts';
import {
  type AnswerMessage,
  type CallMessage,
  type Handlers,
  type Input,
  type Output,
  parseError,
  type SetupMessage,
  type WorkerUsage,
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
  /** Work that lasts longer than this is stopped and fails with `UnavailableError('job-timeout')`. */
  readonly limitSeconds?: number;
}

/** What the worker is told with a call about itself. */
export interface CallPlace {
  readonly cores: readonly number[] | undefined;
  readonly collectGarbage: boolean;
}

/** Why a worker ended: it died by itself (crashed), did not heed that its call was stopped (stuck), or was let go (retired). */
export type WorkerEnd = 'crashed' | 'stuck' | 'retired';

/** A cancelled call that the worker has not given up after this many milliseconds costs the worker its life. */
const cancelGrace = 700;
/** The same for a call beyond its time limit, which nobody waits for so eagerly. */
const limitGrace = 2000;

interface PendingCall {
  readonly callId: number;
  readonly onProgress: ((fraction: number) => void) | undefined;
  readonly resolve: (output: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** One worker thread, started when first needed and again after its end. One call at a time. */
export class WorkerClient<Table extends Handlers<Table>> {
  readonly #spawn: () => Worker;
  readonly #onEnd: (end: WorkerEnd, reason: string) => void;
  #worker: Worker | undefined;
  #pending: PendingCall | undefined;
  #calls = 0;
  #usage: WorkerUsage | undefined;

  /** `onEnd` hears of every end of the thread. */
  constructor(spawn: () => Worker, onEnd: (end: WorkerEnd, reason: string) => void) {
    this.#spawn = spawn;
    this.#onEnd = onEnd;
  }

  /** What the thread held after its last call; undefined before its first. */
  get usage(): WorkerUsage | undefined {
    return this.#usage;
  }

  /**
   * Runs a handler in the worker. Throws what the handler threw, `CancelledError` soon after the signal is aborted,
   * `UnavailableError('job-timeout')` soon after the time limit (the worker is stopped by force if need be), `WorkerCrashError`.
   */
  async call<Name extends keyof Table & string>(
    method: Name,
    input: Input<Table[Name]>,
    { signal, onProgress, limitSeconds }: CallOptions,
    { cores, collectGarbage }: CallPlace,
  ): Promise<Output<Table[Name]>> {
    if (this.#pending) throw new Error('the worker is busy');
    if (signal?.aborted) throw new CancelledError();
    const callId = ++this.#calls;
    const cancelFlag = new Int32Array(new SharedArrayBuffer(4));
    const worker = this.#start();
    const answer = new Promise<unknown>((resolve, reject) => {
      this.#pending = { callId, onProgress, resolve, reject };
    });

    let stopped: GiongError | undefined;
    let force: Timer | undefined;
    const stop = (error: GiongError, grace: number) => {
      Atomics.store(cancelFlag, 0, 1);
      stopped = error;
      clearTimeout(force);
      force = setTimeout(() => this.#giveUp(worker, error, 'stuck'), grace);
    };
    const cancel = () => stop(new CancelledError(), cancelGrace);
    signal?.addEventListener('abort', cancel, { once: true });
    const exceed = () => stop(new UnavailableError('job-timeout', { limit: limitSeconds ?? 0 }), limitGrace);
    const limit = limitSeconds === undefined ? undefined : setTimeout(exceed, limitSeconds * 1000);
    try {
      worker.postMessage({ callId, method, input, cancelFlag, cores, collectGarbage } satisfies CallMessage);
      return (await answer) as Output<Table[Name]>;
    } catch (error) {
      // The worker only knows that it was stopped, not why.
      throw error instanceof CancelledError && stopped ? stopped : error;
    } finally {
      signal?.removeEventListener('abort', cancel);
      clearTimeout(limit);
      clearTimeout(force);
      this.#pending = undefined;
    }
  }

  /** Ends the thread; a running call fails with `CancelledError`, and the next one starts a new thread. */
  stop(): void {
    if (this.#worker) this.#giveUp(this.#worker, new CancelledError(), 'retired');
  }

  #start(): Worker {
    if (this.#worker) return this.#worker;
    const worker = this.#spawn();
    let lastError: string | undefined;
    worker.addEventListener('message', ({ data }: MessageEvent<AnswerMessage>) => this.#hear(data));
    worker.addEventListener('error', (event) => {
      event.preventDefault();
      lastError = event.message;
    });
    worker.addEventListener('close', (event) => {
      const reason = lastError ?? `the thread ended with exit code ${(event as CloseEvent).code}`;
      this.#lose(worker, new WorkerCrashError(reason), 'crashed', reason);
    });
    this.#worker = worker;
    return worker;
  }

  #hear(message: AnswerMessage): void {
    const pending = this.#pending;
    if (pending?.callId !== message.callId) return;
    if (message.type === 'progress') {
      pending.onProgress?.(message.fraction);
      return;
    }
    this.#usage = message.usage;
    if (message.type === 'result') pending.resolve(message.output);
    else pending.reject(parseError(message.error));
  }

  #giveUp(worker: Worker, error: GiongError, end: WorkerEnd): void {
    this.#lose(worker, error, end, error.code);
    worker.terminate();
  }

  #lose(worker: Worker, error: Error, end: WorkerEnd, reason: string): void {
    if (this.#worker !== worker) return;
    this.#worker = undefined;
    this.#usage = undefined;
    this.#pending?.reject(error);
    this.#onEnd(end, reason);
  }
}
