import {
  type AnswerMessage,
  type CallControl,
  type CallMessage,
  type Handlers,
  type SetupMessage,
  serializeError,
} from './protocol.ts';

/** Progress is told at most this often, in milliseconds; the last word always is. */
const progressInterval = 100;

type Handler = (input: never, control: CallControl) => Promise<unknown>;

/** The worker's side of the calls: makes the handlers with what `spawnWorker` sent, then answers call after call. */
export function serveCalls<Setup, Table extends Handlers<Table>>(createHandlers: (setup: Setup) => Table): void {
  let handlers: ReadonlyMap<string, Handler> = new Map();
  const answer = (message: AnswerMessage) => postMessage(message);

  addEventListener('message', async ({ data }: MessageEvent<SetupMessage<Setup> | CallMessage>) => {
    if ('setup' in data) {
      handlers = new Map<string, Handler>(Object.entries(createHandlers(data.setup)));
      return;
    }
    const { callId, method, input, cancelFlag } = data;
    const control = { signal: signalOf(cancelFlag), onProgress: throttledProgress(callId, answer) };
    try {
      const handler = handlers.get(method);
      if (!handler) throw new Error(`no handler ${method}`);
      answer({ callId, type: 'result', output: await handler(input as never, control) });
    } catch (error) {
      answer({ callId, type: 'error', error: serializeError(error) });
    }
  });
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
