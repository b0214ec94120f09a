import { formatNumber } from '../../i18n/format.ts';
import type { Language } from '../../i18n/language.ts';

const units = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

/** A size in its best unit, in powers of 1000: `3,4 MB`. */
export function formatBytes(bytes: number, language: Language): string {
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** power;
  return `${formatNumber(value, value < 10 && power > 1 ? 1 : 0, language)} ${units[power]}`;
}
