import { heapStats } from 'bun:jsc';
import { pinThisThread } from './affinity.ts';
import {
  type AnswerMessage,
  type CacheUsage,
  type CallControl,
  type CallMessage,
  type Handlers,
  type SetupMessage,
  serializeError,
  type WorkerReport,
  type WorkerUsage,
} from './protocol.ts';

/** Progress is told at most this often, in milliseconds; the last word always is. */
const progressInterval = 100;

type Handler = (input: never, control: CallControl) => Promise<unknown>;

/** The worker's side of the calls: makes the handlers with what `spawnWorker` sent, then answers call after call. */
export function serveCalls<Setup, Table extends Handlers<Table>>(
  createHandlers: (setup: Setup, report: WorkerReport) => Table,
): void {
  const caches = new Map<string, { readonly usage: CacheUsage }>();
  const pin = createPin();
  let handlers: ReadonlyMap<string, Handler> = new Map();
  const answer = (message: AnswerMessage) => postMessage(message);

  addEventListener('message', async ({ data }: MessageEvent<SetupMessage<Setup> | CallMessage>) => {
    if ('setup' in data) {
      handlers = new Map<string, Handler>(
        Object.entries(createHandlers(data.setup, { watchCache: (name, cache) => caches.set(name, cache) })),
      );
      return;
    }
    const { callId, method, input, cancelFlag, cores, collectGarbage } = data;
    const pinError = pin(cores);
    const usage = (): WorkerUsage => ({
      memoryBytes: measureMemory(collectGarbage),
      caches: Object.fromEntries([...caches].map(([name, cache]) => [name, cache.usage])),
      pinError,
    });
    const control = { signal: signalOf(cancelFlag), onProgress: throttledProgress(callId, answer) };
    try {
      const handler = handlers.get(method);
      if (!handler) throw new Error(`no handler ${method}`);
      const output = await handler(input as never, control);
      answer({ callId, type: 'result', output, usage: usage() });
    } catch (error) {
      answer({ callId, type: 'error', error: serializeError(error), usage: usage() });
    }
  });
}

/** Pins this thread where its cores have changed; the answer says why it could not. */
function createPin(): (cores: readonly number[] | undefined) => string | undefined {
  let pinned = '';
  let failure: string | undefined;
  return (cores) => {
    if (!cores || cores.join() === pinned) return failure;
    pinned = cores.join();
    try {
      pinThisThread(cores);
      failure = undefined;
    } catch (error) {
      failure = String(error);
    }
    return failure;
  };
}

/** JavaScriptCore counts buffers when it collects garbage, and at no other time. */
function measureMemory(collectGarbage: boolean): number {
  if (collectGarbage) Bun.gc(true);
  return heapStats().heapSize;
}

/** A signal that is aborted as soon as the shared flag is 1, even while this thread computes without a pause. */
function signalOf(flag: Int32Array): AbortSignal {
  const { signal } = new AbortController();
  return Object.defineProperty(signal, 'aborted', { get: () => Atomics.load(flag, 0) === 1 });
}

function throttledProgress(callId: number, answer: (message: AnswerMessage) => void): (fraction: number) => void {
  let last = Number.NEGATIVE_INFINITY;
  return (fraction) => {
    const now = performance.now();
    if (now - last < progressInterval && fraction < 1) return;
    last = now;
    answer({ callId, type: 'progress', fraction });
  };
}
