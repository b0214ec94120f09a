import { formatNumber } from './format.ts';
import type { Language } from './language.ts';

const units = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

/** A size in decimal units, such as `5,3 MB`: one decimal below ten, then none. */
export function formatBytes(bytes: number, language: Language): string {
  let value = Math.max(0, bytes);
  let step = 0;
  while (value >= 999.5 && step < units.length - 1) {
    value /= 1000;
    step += 1;
  }
  return `${formatNumber(value, step > 0 && value < 9.95 ? 1 : 0, language)} ${units[step]}`;
}
