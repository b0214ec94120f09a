import type { ErrorDetails } from '../errors.ts';

export type Language = 'vi' | 'en';

/** What is wrong, and what the reader can do about it. */
export interface Wording {
  readonly title: string;
  readonly advice: string;
}

export type Words = (details: Details) => Wording;

/** Details with the fallbacks that a sentence needs when one is missing. */
export class Details {
  constructor(
    private readonly values: ErrorDetails,
    private readonly language: Language,
  ) {}

  number(name: string): string {
    const value = this.values[name];
    if (typeof value !== 'number') return value === undefined ? '?' : value;
    return value.toLocaleString(this.language === 'vi' ? 'vi-VN' : 'en-US', { maximumFractionDigits: 1 });
  }

  text(name: string): string {
    return String(this.values[name] ?? '?');
  }

  has(name: string): boolean {
    return this.values[name] !== undefined;
  }

  /** A length given in seconds, in the largest unit that fits. */
  duration(name: string): string {
    const seconds = Number(this.values[name]);
    if (!Number.isFinite(seconds)) return '?';
    const [amount, unit] = seconds >= 120 ? [seconds / 60, 'minute' as const] : [seconds, 'second' as const];
    const shown = amount.toLocaleString(this.language === 'vi' ? 'vi-VN' : 'en-US', { maximumFractionDigits: 1 });
    const units = { vi: { minute: 'phút', second: 'giây' }, en: { minute: 'minutes', second: 'seconds' } };
    return `${shown} ${units[this.language][unit]}`;
  }

  megabytes(name: string): string {
    const bytes = Number(this.values[name]);
    return Number.isFinite(bytes) ? `${Math.ceil(bytes / 2 ** 20)} MB` : '?';
  }
}
