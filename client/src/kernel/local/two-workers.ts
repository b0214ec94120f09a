import { createLocalEngine, type LocalEngine, type WorkerLike } from './engine-client.ts';
import { largeWorkerName, smallWorkerName } from './protocol.ts';

/** The engine that comes with the app; all others are large. */
const smallEngine = 'mini';

export interface TwoWorkers extends LocalEngine {
  /** Gives back what the large engines hold; they load anew when they are next needed. */
  releaseLarge(): void;
}

/**
 * Large engines have a worker of their own: it may use threads, which ONNX Runtime starts once for all of its sessions, and its
 * memory can be given back whole.
 */
export function createTwoWorkers(startWorker: (name: string) => WorkerLike): TwoWorkers {
  const small = createLocalEngine(() => startWorker(smallWorkerName));
  const large = createLocalEngine(() => startWorker(largeWorkerName));
  const workerFor = (engines: readonly string[]) => (engines.every((id) => id === smallEngine) ? small : large);
  return {
    ...small,
    convert(conversion, control) {
      const { engine = smallEngine } = conversion.settings;
      return workerFor([engine]).convert(conversion, control);
    },
    describeVoice: (recordings, control) => workerFor(recordings.engines).describeVoice(recordings, control),
    releaseLarge: large.dispose,
    dispose() {
      small.dispose();
      large.dispose();
    },
  };
}
