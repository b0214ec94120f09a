import { errorWording } from '#core/error-text.ts';
import { GiongError } from '#core/errors.ts';
import type { Language } from '../../i18n/language.ts';
import type { Dictionary } from '../../i18n/vi.ts';
import { ServerUnreachableError, ServerWording } from '../../kernel/api-errors.ts';

/** What went wrong, and what to do about it. */
export interface ProblemText {
  readonly title: string;
  readonly advice: string;
}

/** An error in the user's words. */
export function problemText(error: unknown, words: Dictionary, language: Language): ProblemText {
  if (error instanceof ServerUnreachableError) return words.error.serverUnreachable;
  if (error instanceof GiongError && error.cause instanceof ServerWording) return error.cause;
  if (error instanceof GiongError) return errorWording(error.code, language, error.details);
  return words.error.unexpected;
}
