import type { Language } from '../../language.ts';

export type State = 'good' | 'warning' | 'bad';
type Text = Readonly<Record<Language, string>>;

/** One thing that was looked at. `bad`: the product, or an important part of it, does not work so. */
export interface Check {
  /** Stable, for programs. */
  readonly id: string;
  readonly state: State;
  /** What was found. */
  readonly finding: Text;
  /** How to mend it; null where nothing is to be mended. */
  readonly advice: Text | null;
}

export const gibibyte = 2 ** 30;

/** A finding and, where it is not good, its advice. */
export function check(id: string, state: State, finding: Text, advice: Text | null = null): Check {
  return { id, state, finding, advice: state === 'good' ? null : advice };
}

export function inGibibytes(bytes: number): string {
  return `${(bytes / gibibyte).toFixed(1)} GiB`;
}

/** What went wrong, in the system's own words. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
