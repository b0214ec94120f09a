import { CancelledError, GiongError } from '#core/errors.ts';
import type { Job } from '#server/http/api-types.ts';
import type { ApiClient } from './api-client.ts';
import { errorOfCode, ServerUnreachableError, ServerWording } from './api-errors.ts';
import type { LiveConnection } from './live-connection.ts';

export interface JobNews {
  /** Queued or being converted, with the share that is done. */
  onUpdate(news: { status: 'queued' | 'active'; progress: number; etaSeconds: number | null }): void;
  onConnected(connected: boolean): void;
}

/**
 * Waits for the end of a job and tells of its progress. The WebSocket brings the news; whatever it may have missed is asked of the API.
 *
 * @returns the job, done
 * @throws the job's error, or `CancelledError` after the job was cancelled or `signal` aborted
 */
export function followJob(
  id: string,
  { api, live }: { readonly api: Pick<ApiClient, 'job'>; readonly live: LiveConnection },
  news: JobNews,
  signal?: AbortSignal,
): Promise<Job> {
  return new Promise((resolve, reject) => {
    let finished = false;
    const finish = (settle: () => void) => {
      finished = true;
      stopListening();
      signal?.removeEventListener('abort', abort);
      settle();
    };
    const abort = () => finish(() => reject(new CancelledError({ cause: signal?.reason })));

    function take(job: Job): void {
      if (finished) return;
      if (job.status === 'done') finish(() => resolve(job));
      else if (job.status === 'cancelled') finish(() => reject(new CancelledError()));
      else if (job.status === 'failed') {
        const error = job.error;
        finish(() =>
          reject(error ? errorOfCode(error.code, new ServerWording(error.title, error.detail)) : new Error('unknown')),
        );
      } else news.onUpdate({ status: job.status, progress: job.progress, etaSeconds: job.etaSeconds });
    }

    async function resync(): Promise<void> {
      try {
        take(await api.job(id, signal));
      } catch (error) {
        // An unreachable server may come back: the connection asks again. A server that disowns the job is final.
        if (error instanceof GiongError) finish(() => reject(error));
        else if (!(error instanceof ServerUnreachableError) && !signal?.aborted) finish(() => reject(error));
      }
    }

    const stopListening = live.listen({
      onMessage(message) {
        if (message.type === 'job' && message.job.id === id) take(message.job);
        if (message.type === 'progress' && message.id === id) {
          news.onUpdate({ status: 'active', progress: message.progress, etaSeconds: message.etaSeconds });
        }
      },
      onResync: () => void resync(),
      onConnected: news.onConnected,
    });
    if (signal?.aborted) abort();
    else {
      signal?.addEventListener('abort', abort, { once: true });
      // A short job may be over before the first connection stands.
      void resync();
    }
  });
}
