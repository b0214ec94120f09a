import type { Batch, BatchCreated, BatchRequest } from '#server/http/api-types.ts';
import type { ApiTransport } from './api-transport.ts';

/** Conversions of many recordings to one voice, asked of the server together. */
export interface BatchApi {
  /** @param key the same for the same request, however often it is sent: it is done once */
  create(request: BatchRequest, key: string, signal: AbortSignal): Promise<BatchCreated>;
  batch(id: string): Promise<Batch>;
  /** Stops what is unfinished. */
  cancel(id: string): Promise<Batch>;
}

/** Where the ZIP of what is done is found. */
export const batchZipUrl = (id: string) => `${batchUrl(id)}/result`;

const batchUrl = (id: string) => `/api/batches/${encodeURIComponent(id)}`;

export function createBatchApi({ get, send }: Pick<ApiTransport, 'get' | 'send'>): BatchApi {
  return {
    async create(request, key, signal) {
      const response = await send('/api/batches', {
        method: 'POST',
        body: JSON.stringify(request),
        headers: { 'Content-Type': 'application/json', 'Idempotency-Key': key },
        signal,
      });
      return response.json();
    },
    batch: (id) => get(batchUrl(id)),
    cancel: async (id) => (await send(batchUrl(id), { method: 'DELETE' })).json(),
  };
}
