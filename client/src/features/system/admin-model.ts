import { createSignal } from 'solid-js';
import type { AdminApi, SystemApi } from '../../kernel/system-api.ts';

/** Outlives the screen, not the page: the key is kept nowhere. */
const [unlocked, setUnlocked] = createSignal<AdminApi>();

/** What the holder of the admin key may do, once the key has been shown. */
export function createAdminModel(api: SystemApi) {
  return {
    unlocked,
    /** Throws the server's refusal. */
    async unlock(key: string): Promise<void> {
      const admin = api.asAdmin(key);
      await admin.check();
      setUnlocked(() => admin);
    },
    lock: () => setUnlocked(undefined),
  };
}

export type AdminModel = ReturnType<typeof createAdminModel>;
