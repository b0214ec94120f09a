import type { SettingsStorage } from '../../kernel/settings-storage.ts';
import type { PlacePreference } from '../../kernel/where-to-run.ts';

const storageKey = 'giong.place';
export const placePreferences: readonly PlacePreference[] = ['auto', 'browser', 'server'];

/** Where conversions were wanted at an earlier visit, else the automatic choice. */
export function rememberedPreference(storage: SettingsStorage): PlacePreference {
  const stored = storage.getItem(storageKey);
  return placePreferences.find((preference) => preference === stored) ?? 'auto';
}

export function rememberPreference(storage: SettingsStorage, preference: PlacePreference): void {
  storage.setItem(storageKey, preference);
}
