import type { JobList, Workspace } from '#server/http/api-types.ts';
import type { ApiTransport } from './api-transport.ts';

/** What the history asks of the server. */
export interface HistoryApi {
  /** Conversions, newest first; with `before`, those that are older than that job. */
  page(before?: string): Promise<JobList>;
  /** Deletes an ended job with its result. */
  remove(id: string): Promise<void>;
  workspace(): Promise<Workspace>;
  /** The recording that was sent as `id`, for another conversion of it. */
  upload(id: string): Promise<Blob>;
}

const pageSize = 50;

export function createHistoryApi({ get, send }: ApiTransport): HistoryApi {
  return {
    page(before) {
      const query = new URLSearchParams({ limit: String(pageSize), ...(before !== undefined && { before }) });
      return get(`/api/jobs?${query}`);
    },
    async remove(id) {
      await send(`/api/jobs/${encodeURIComponent(id)}?purge=true`, { method: 'DELETE' });
    },
    workspace: () => get('/api/workspace'),
    upload: async (id) => (await send(`/api/uploads/${encodeURIComponent(id)}/audio`, {})).blob(),
  };
}
