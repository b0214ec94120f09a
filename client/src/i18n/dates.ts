import { locales } from './format.ts';
import type { Language } from './language.ts';

const day = { day: '2-digit', month: '2-digit', year: 'numeric' } as const;

/** A day, such as `26/11/2026`. */
export function formatDay(date: Date, language: Language): string {
  return new Intl.DateTimeFormat(locales[language], day).format(date);
}

/** A day with the time, such as `14:05 26/11/2026`. */
export function formatMoment(date: Date, language: Language): string {
  return new Intl.DateTimeFormat(locales[language], { ...day, hour: '2-digit', minute: '2-digit' }).format(date);
}
