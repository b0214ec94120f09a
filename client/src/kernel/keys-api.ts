import type { Key, KeyCreated, KeyList, NewKey, WebhookDelivery, WebhookDeliveryList } from '#server/http/api-types.ts';
import type { ApiTransport } from './api-transport.ts';

/** The API keys of this browser's workspace. */
export interface KeysApi {
  /** Oldest first, without the keys themselves. */
  list(): Promise<readonly Key[]>;
  /** The answer holds the key itself, this once. */
  create(key: NewKey): Promise<KeyCreated>;
  revoke(id: string): Promise<void>;
  /** How the workspace's webhooks stand, newest first. */
  deliveries(): Promise<readonly WebhookDelivery[]>;
}

export function createKeysApi({ get, send, sendJson }: ApiTransport): KeysApi {
  return {
    list: async () => (await get<KeyList>('/api/keys')).keys,
    create: (key) => sendJson('POST', '/api/keys', key),
    revoke: async (id) => void (await send(`/api/keys/${encodeURIComponent(id)}`, { method: 'DELETE' })),
    deliveries: async () => (await get<WebhookDeliveryList>('/api/webhooks/deliveries')).deliveries,
  };
}
