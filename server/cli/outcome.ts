import { errorWording } from '#core/error-text.ts';
import { CancelledError, type ErrorCode, GiongError, InputError } from '#core/errors.ts';
import type { Language } from '../language.ts';

/** How a command says what came of it. */
export interface Voice {
  readonly language: Language;
  readonly json: boolean;
}

export const exitCodes = { done: 0, failed: 1, usage: 2, interrupted: 130 } as const;

/** The command line itself is wrong; `about` names the part. */
export class UsageError extends InputError {
  constructor(about: string) {
    super('option-invalid', { field: about });
  }
}

const usageCodes: ReadonlySet<ErrorCode> = new Set(['option-invalid', 'engine-unknown']);

export function exitCodeOf(error: unknown): number {
  if (error instanceof CancelledError) return exitCodes.interrupted;
  return error instanceof GiongError && usageCodes.has(error.code) ? exitCodes.usage : exitCodes.failed;
}

/** What a failed command prints: JSON for programs on standard output, or a line for people on standard error. */
export function printFailure(error: unknown, { language, json }: Voice): void {
  const { code, details } = error instanceof GiongError ? error : new GiongError('internal');
  const { title, advice } = errorWording(code, language, details);
  if (json) {
    console.log(JSON.stringify({ error: { code, title, detail: advice, ...subjectOf(error) } }));
  } else {
    const { subject } = subjectOf(error);
    console.error(`giong: ${subject === undefined ? '' : `${subject}: `}${title}. ${advice}`);
  }
  if (code === 'internal') console.error(error);
}

/** Says which file or id an error is about, unless that has been said. */
export async function about<Result>(subject: string, work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof GiongError && !subjects.has(error)) subjects.set(error, subject);
    throw error;
  }
}

const subjects = new WeakMap<object, string>();

function subjectOf(error: unknown): { subject?: string } {
  const subject = typeof error === 'object' && error !== null ? subjects.get(error) : undefined;
  return subject === undefined ? {} : { subject };
}
