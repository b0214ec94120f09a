import { GiongError } from '#core/errors.ts';
import type { ApiClient } from './api-client.ts';
import type { ConversionControl, ConversionOrder } from './conversion-order.ts';
import { followJob } from './follow-job.ts';
import type { LiveConnection } from './live-connection.ts';
import { blobOf, type Recording } from './recording.ts';
import { sendRecording, targetOf } from './send-recording.ts';

export interface ServerDependencies {
  readonly api: ApiClient;
  readonly live: LiveConnection;
}

/** Converts on a server: sends what it does not have yet, follows the job to its end and fetches the result. */
export function createServerConversion({ api, live }: ServerDependencies) {
  /** Ids of what was sent before, so that converting the same recording again needs no second upload. */
  const uploads = new WeakMap<Blob, string>();
  let session: Promise<unknown> | undefined;

  function ensureSession(): Promise<unknown> {
    session ??= api.session().catch((error: unknown) => {
      session = undefined;
      throw error;
    });
    return session;
  }

  async function idOf(recording: Recording, { signal, onStage }: ConversionControl): Promise<string> {
    if (recording.kind === 'sample') return recording.sample.id;
    if (recording.kind === 'voice' && recording.serverId !== undefined) return recording.serverId;
    const blob = await blobOf(recording);
    const known = uploads.get(blob);
    if (known) return known;
    onStage('uploading', 0);
    const id = await sendRecording(recording, api, {
      signal,
      onProgress: (fraction) => onStage('uploading', fraction),
    });
    uploads.set(blob, id);
    return id;
  }

  async function order({ source, voice, settings }: ConversionOrder, control: ConversionControl): Promise<string> {
    const sourceId = await idOf(source, control);
    const voiceId = await idOf(voice, control);
    const { id } = await api.convert({ ...settings, source: sourceId, ...targetOf(voice, voiceId) }, control.signal);
    return id;
  }

  /** Orders, and once more with fresh uploads when the server has let go of the earlier ones. */
  async function orderWithFreshUploads(request: ConversionOrder, control: ConversionControl): Promise<string> {
    try {
      return await order(request, control);
    } catch (error) {
      const recordings = [request.source, request.voice].filter(({ kind }) => kind !== 'sample');
      const gone = error instanceof GiongError && error.code === 'not-found' && recordings.length > 0;
      if (!gone) throw error;
      for (const recording of recordings) uploads.delete(await blobOf(recording));
      session = undefined;
      await ensureSession();
      return order(request, control);
    }
  }

  return async function convertOnServer(request: ConversionOrder, control: ConversionControl): Promise<Blob> {
    const { signal, onStage, onConnected } = control;
    onStage('preparing', undefined);
    await ensureSession();
    const id = request.jobId ?? (await orderWithFreshUploads(request, control));
    control.onJob?.(id);
    onStage('queued', undefined);
    // A cancelled job is the server's to know: without this it would go on for nobody.
    const cancel = () => void api.cancel(id).catch(() => undefined);
    signal.addEventListener('abort', cancel, { once: true });
    try {
      if (signal.aborted) cancel();
      const news = {
        onUpdate: ({ status, progress }: { status: 'queued' | 'active'; progress: number }) =>
          status === 'queued' ? onStage('queued', undefined) : onStage('converting', progress),
        onConnected,
      };
      const { result } = await followJob(id, { api, live }, news, signal);
      if (!result) throw new Error(`job ${id} is done without a result`);
      onStage('downloading', undefined);
      return await api.download(result.url, signal);
    } finally {
      signal.removeEventListener('abort', cancel);
    }
  };
}
