import type { Language } from './language.ts';

export const locales: Record<Language, string> = { vi: 'vi-VN', en: 'en-GB' };

/** `1:05` or `1:02:09`: a position or length in a recording. Negative and non-finite values read as zero. */
export function formatClock(seconds: number): string {
  const whole = Number.isFinite(seconds) ? Math.max(0, Math.floor(seconds)) : 0;
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const tail = String(rest).padStart(2, '0');
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${tail}` : `${minutes}:${tail}`;
}

/** How long something takes: one decimal below ten seconds, then whole seconds, then minutes and seconds. */
export function formatDuration(seconds: number, language: Language): string {
  const value = Math.max(0, seconds);
  const amount = (count: number, unit: 'second' | 'minute', digits: number) =>
    new Intl.NumberFormat(locales[language], {
      style: 'unit',
      unit,
      unitDisplay: 'long',
      maximumFractionDigits: digits,
    }).format(count);
  if (value < 9.95) return amount(value, 'second', 1);
  const whole = Math.round(value);
  if (whole < 60) return amount(whole, 'second', 0);
  const minutes = amount(Math.floor(whole / 60), 'minute', 0);
  return whole % 60 === 0 ? minutes : `${minutes} ${amount(whole % 60, 'second', 0)}`;
}

/** A whole percentage of a share in 0..1. Only a finished share reads 100. */
export function formatPercent(share: number): string {
  const bounded = Math.min(1, Math.max(0, share));
  return `${bounded === 1 ? 100 : Math.min(99, Math.round(bounded * 100))}%`;
}

/** A number with exactly `digits` decimals at most, in the language's notation (`1,5` in Vietnamese). */
export function formatNumber(value: number, digits: number, language: Language): string {
  return new Intl.NumberFormat(locales[language], { maximumFractionDigits: digits }).format(value);
}

/** A signed number such as `+3` or `−2,5`. */
export function formatSigned(value: number, language: Language): string {
  return new Intl.NumberFormat(locales[language], { maximumFractionDigits: 1, signDisplay: 'exceptZero' }).format(
    value,
  );
}

/** The time of day, such as `14:05`. */
export function formatTimeOfDay(date: Date, language: Language): string {
  return new Intl.DateTimeFormat(locales[language], { hour: '2-digit', minute: '2-digit' }).format(date);
}

/** A day and the time of day, such as `14:05, 3 thg 1, 2026`. */
export function formatDate(date: Date, language: Language): string {
  return new Intl.DateTimeFormat(locales[language], { dateStyle: 'medium', timeStyle: 'short' }).format(date);
}
