import { createEffect, createSignal } from 'solid-js';
import { settingsStorage } from '../kernel/settings-storage.ts';
import { en } from './en.ts';
import { type Language, rememberedLanguage, rememberLanguage } from './language.ts';
import { type Dictionary, vi } from './vi.ts';

const dictionaries: Record<Language, Dictionary> = { vi, en };

const [language, setLanguage] = createSignal<Language>(rememberedLanguage(settingsStorage));

export { language };

/** The words of the current language; reading it in a component follows the language. */
export const t = (): Dictionary => dictionaries[language()];

/**
 * The words of one feature, which its own file holds: `export const words = wordsOf({ vi, en })`, where `en` has `vi`'s type, so that a
 * missing key does not compile. Reading them in a component follows the language.
 */
export const wordsOf =
  <Words>(both: Record<Language, Words>) =>
  (): Words =>
    both[language()];

/** Switches the language and remembers it for the next visit. */
export function switchLanguage(next: Language): void {
  rememberLanguage(settingsStorage, next);
  setLanguage(next);
}

/** Keeps the document's `lang` in step; call once inside the app's root. */
export function followLanguage(): void {
  createEffect(() => {
    document.documentElement.lang = language();
  });
}
