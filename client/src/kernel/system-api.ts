import type { Model, ModelList, QueueStatus, ScaleAnswer, SystemStats } from '#server/http/api-types.ts';
import type { ApiTransport } from './api-transport.ts';

/** What anybody may know of the system. */
export interface SystemApi {
  stats(signal?: AbortSignal): Promise<SystemStats>;
  queue(signal?: AbortSignal): Promise<QueueStatus>;
  models(): Promise<readonly Model[]>;
  /** Deletes all that this visitor has on the server, and every way to it. */
  deleteMine(): Promise<void>;
  /** What the holder of the admin key may do. */
  asAdmin(key: string): AdminApi;
}

export interface AdminApi {
  /** Throws the server's refusal when the key is not the one. */
  check(): Promise<void>;
  scale(workers: number): Promise<ScaleAnswer>;
  /** Takes that number back: each process has the workers that it was started with. */
  unscale(): Promise<void>;
  /** Cancels everybody's jobs that wait, and on request those that run. Answers how many. */
  clearQueue(running: boolean): Promise<number>;
  downloadModel(id: string): Promise<Model>;
}

export function createSystemApi({ get, send }: ApiTransport): SystemApi {
  return {
    stats: (signal) => get('/api/system/stats', signal),
    queue: (signal) => get('/api/queue/status', signal),
    models: async () => (await get<ModelList>('/api/models')).models,
    deleteMine: async () => void (await send('/api/workspace', { method: 'DELETE' })),
    asAdmin(key) {
      const authorization = { Authorization: `Bearer ${key}` };
      return {
        check: async () => void (await send('/api/admin/keys', { headers: authorization })),
        async scale(workers) {
          const headers = { ...authorization, 'Content-Type': 'application/json' };
          const body = JSON.stringify({ new_worker_count: workers });
          return (await send('/api/system/scale', { method: 'POST', headers, body })).json();
        },
        unscale: async () => void (await send('/api/system/scale', { method: 'DELETE', headers: authorization })),
        async clearQueue(running) {
          const response = await send(`/api/queue?running=${running}`, { method: 'DELETE', headers: authorization });
          return (await response.json()).cancelled;
        },
        async downloadModel(id) {
          const url = `/api/models/${encodeURIComponent(id)}/download`;
          return (await send(url, { method: 'POST', headers: authorization })).json();
        },
      };
    },
  };
}
