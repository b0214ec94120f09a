import { GiongError, InputError } from '#core/errors.ts';
import type { Job } from '#server/http/api-types.ts';
import type { ApiClient, ConvertSettings } from './api-client.ts';
import type { BatchApi } from './batch-api.ts';
import type { LiveConnection } from './live-connection.ts';
import type { Recording } from './recording.ts';
import { sendRecording, targetOf } from './send-recording.ts';

export interface BatchOrder {
  readonly sources: readonly Recording[];
  readonly voice: Recording;
  readonly settings: ConvertSettings;
}

/** News of the batch's files, each named by its place in the order. */
export interface BatchControl {
  readonly signal: AbortSignal;
  onUpload(index: number, fraction: number): void;
  /** The file can't be converted: the others go on. */
  onRefused(index: number, error: unknown): void;
  onBatch(id: string): void;
  onJob(index: number, job: Pick<Job, 'status' | 'progress' | 'error'>): void;
}

interface BatchDependencies {
  readonly api: ApiClient;
  readonly batches: BatchApi;
  readonly live: LiveConnection;
}

/** Sends the recordings one after the other, asks for all of them together, and follows them until the last has ended. */
export async function convertBatchOnServer(
  { sources, voice, settings }: BatchOrder,
  control: BatchControl,
  { api, batches, live }: BatchDependencies,
): Promise<void> {
  const { signal } = control;
  await api.session();
  const ids = new Map<number, string>();
  for (const [index, source] of sources.entries()) {
    signal.throwIfAborted();
    try {
      ids.set(
        index,
        await sendRecording(source, api, { signal, onProgress: (fraction) => control.onUpload(index, fraction) }),
      );
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      control.onRefused(index, error);
    }
  }
  if (ids.size === 0) return;
  const target = targetOf(voice, await sendRecording(voice, api, { signal }));
  const created = await batches.create(
    { ...settings, ...target, sources: [...ids.values()] },
    crypto.randomUUID(),
    signal,
  );
  control.onBatch(created.id);
  const indexes = [...ids.keys()];
  const places = new Map(created.jobs.map(({ id }, order) => [id, indexes[order] ?? 0]));
  await followBatch(created.id, places, control, { batches, live });
}

/** Resolves when no job of the batch is unfinished. The socket brings news; what it may have missed is asked of the API. */
function followBatch(
  id: string,
  places: ReadonlyMap<string, number>,
  { signal, onJob }: BatchControl,
  { batches, live }: Pick<BatchDependencies, 'batches' | 'live'>,
): Promise<void> {
  const unfinished = new Set(places.keys());
  return new Promise((resolve, reject) => {
    const cancel = () => void batches.cancel(id).then(({ jobs }) => jobs.forEach(take), resync);
    function finish(settle: () => void): void {
      stopListening();
      signal.removeEventListener('abort', cancel);
      settle();
    }
    function take(job: Job): void {
      const index = places.get(job.id);
      if (index === undefined || !unfinished.has(job.id)) return;
      onJob(index, job);
      if (job.status !== 'queued' && job.status !== 'active') unfinished.delete(job.id);
      if (unfinished.size === 0) finish(resolve);
    }
    async function resync(): Promise<void> {
      try {
        const { jobs } = await batches.batch(id);
        for (const job of jobs) take(job);
      } catch (error) {
        // A server that is away may come back, and the connection asks again; one that disowns the batch is final.
        if (error instanceof GiongError) finish(() => reject(error));
      }
    }
    const stopListening = live.listen({
      onMessage(message) {
        if (message.type === 'job') take(message.job);
        const index = message.type === 'progress' ? places.get(message.id) : undefined;
        if (message.type === 'progress' && index !== undefined && unfinished.has(message.id)) {
          onJob(index, { status: 'active', progress: message.progress, error: null });
        }
      },
      onResync: () => void resync(),
    });
    signal.addEventListener('abort', cancel, { once: true });
    if (signal.aborted) cancel();
    else void resync();
  });
}
