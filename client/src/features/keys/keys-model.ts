import { createResource, createSignal } from 'solid-js';
import type { Key, KeyCreated } from '#server/http/api-types.ts';
import type { KeysApi } from '../../kernel/keys-api.ts';

/** The keys of the workspace, and the one just made. */
export function createKeysModel(api: KeysApi) {
  const [list, { mutate, refetch }] = createResource(() => api.list());
  const [created, setCreated] = createSignal<KeyCreated>();
  const [revoked, setRevoked] = createSignal<Key>();
  const without = (id: string, keys: readonly Key[] = []) => keys.filter((key) => key.id !== id);

  return {
    list,
    reload: () => void refetch(),
    /** The key that can be seen until the page is left. */
    created,
    /** The one revoked last. */
    revoked,
    async create(name: string): Promise<void> {
      const key = await api.create({ name });
      setRevoked(undefined);
      setCreated(key);
      // A list that did not come before may come now.
      if (list.error) void refetch();
      else mutate((keys) => [...without(key.id, keys), key]);
    },
    async revoke(key: Key): Promise<void> {
      await api.revoke(key.id);
      if (created()?.id === key.id) setCreated(undefined);
      setRevoked(key);
      mutate((keys) => without(key.id, keys));
    },
  };
}

export type KeysModel = ReturnType<typeof createKeysModel>;
