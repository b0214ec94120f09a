import {
  CancelledError,
  type ErrorCode,
  type ErrorDetails,
  GiongError,
  InputError,
  UnavailableError,
} from '#core/errors.ts';

/** What a handler learns of its call besides the input. */
export interface CallControl {
  readonly signal: AbortSignal;
  readonly onProgress: (fraction: number) => void;
}

/** Handlers by name. Input and output cross a thread: plain data that can be cloned. */
export type Handlers<Table> = {
  readonly [Name in keyof Table]: (input: never, control: CallControl) => Promise<unknown>;
};
export type Input<Handler> = Handler extends (input: infer In, control: CallControl) => Promise<unknown> ? In : never;
export type Output<Handler> = Handler extends (input: never, control: CallControl) => Promise<infer Out> ? Out : never;

/** The first message to a worker: what its handlers are made with. */
export interface SetupMessage<Setup> {
  readonly setup: Setup;
}

export interface CallMessage {
  readonly callId: number;
  readonly method: string;
  readonly input: unknown;
  /** One shared Int32, 1 once the caller cancels: a worker that computes sees it without reading its messages. */
  readonly cancelFlag: Int32Array;
  /** Cores on which the worker is to run, if it is to be pinned. */
  readonly cores: readonly number[] | undefined;
  /** Whether the worker collects its garbage after the call: only then is known how much it holds. */
  readonly collectGarbage: boolean;
}

export type AnswerMessage =
  | { readonly callId: number; readonly type: 'progress'; readonly fraction: number }
  | { readonly callId: number; readonly type: 'result'; readonly output: unknown; readonly usage: WorkerUsage }
  | { readonly callId: number; readonly type: 'error'; readonly error: SerializedError; readonly usage: WorkerUsage };

/** What a worker holds between two calls. */
export interface WorkerUsage {
  /** Bytes of its JavaScript heap at the last garbage collection, with all buffers and WebAssembly memories, ONNX Runtime's too. */
  readonly memoryBytes: number;
  readonly caches: Readonly<Record<string, CacheUsage>>;
  /** Why it could not be pinned to its cores. */
  readonly pinError: string | undefined;
}

export interface CacheUsage {
  readonly entries: number;
  readonly bytes: number;
  readonly budgetBytes: number;
  readonly hits: number;
  readonly misses: number;
}

/** What a worker's handlers tell of themselves besides their answers. */
export interface WorkerReport {
  /** From now on the worker's usage names this cache. */
  watchCache(name: string, cache: { readonly usage: CacheUsage }): void;
}

/** An error in a form that crosses a thread. */
export interface SerializedError {
  readonly kind: 'input' | 'unavailable' | 'cancelled' | 'unexpected';
  readonly code: ErrorCode;
  readonly details: ErrorDetails;
  /** For the log, never for users. */
  readonly stack: string;
}

export function serializeError(error: unknown): SerializedError {
  const { code, details } = error instanceof GiongError ? error : { code: 'internal' as const, details: {} };
  return { kind: kindOf(error), code, details, stack: stackOf(error) };
}

export function parseError({ kind, code, details, stack }: SerializedError): Error {
  const options = { cause: Object.assign(new Error('in a worker'), { stack }) };
  switch (kind) {
    case 'input':
      return new InputError(code, details, options);
    case 'unavailable':
      return new UnavailableError(code, details, options);
    case 'cancelled':
      return new CancelledError(options);
    case 'unexpected':
      return new GiongError(code, details, options);
  }
}

function kindOf(error: unknown): SerializedError['kind'] {
  if (error instanceof InputError) return 'input';
  if (error instanceof UnavailableError) return 'unavailable';
  if (error instanceof CancelledError) return 'cancelled';
  return 'unexpected';
}

function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? '' : `\ncaused by ${stackOf(error.cause)}`;
  return `${error.stack ?? error.message}${cause}`;
}
