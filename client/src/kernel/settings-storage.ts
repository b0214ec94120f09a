/** The part of `Storage` that settings need. */
export type SettingsStorage = Pick<Storage, 'getItem' | 'setItem'>;

/** Keeps settings for this visit only. */
export function createMemoryStorage(): SettingsStorage {
  const values = new Map<string, string>();
  return {
    getItem: (key) => values.get(key) ?? null,
    setItem: (key, value) => void values.set(key, value),
  };
}

/** The browser's own storage, or one for this visit where the user has blocked it. */
function openSettingsStorage(): SettingsStorage {
  try {
    localStorage.getItem('');
    return localStorage;
  } catch {
    return createMemoryStorage();
  }
}

/** The one storage of the app's settings. */
export const settingsStorage = openSettingsStorage();
