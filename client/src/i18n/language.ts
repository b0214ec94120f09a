import type { SettingsStorage } from '../kernel/settings-storage.ts';

/** The languages of the interface, the first one being the default. */
export const languages = ['vi', 'en'] as const;

export type Language = (typeof languages)[number];

const storageKey = 'giong.language';

/** The language chosen at an earlier visit, else Vietnamese. */
export function rememberedLanguage(storage: SettingsStorage): Language {
  const stored = storage.getItem(storageKey);
  return languages.find((language) => language === stored) ?? languages[0];
}

export function rememberLanguage(storage: SettingsStorage, language: Language): void {
  storage.setItem(storageKey, language);
}
