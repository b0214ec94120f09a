import { Details, type Language, type Wording } from './error-words/details.ts';
import { english } from './error-words/en.ts';
import { vietnamese } from './error-words/vi.ts';
import type { ErrorCode, ErrorDetails } from './errors.ts';

export type { Language };

const wordings = { vi: vietnamese, en: english };

/** Words for a code: what is wrong and what to do, for people. `details` are the error's own. */
export function errorWording(code: ErrorCode, language: Language, details: ErrorDetails = {}): Wording {
  return wordings[language][code](new Details(details, language));
}

/** The same as one line of text. */
export function errorText(code: ErrorCode, language: Language, details: ErrorDetails = {}): string {
  const { title, advice } = errorWording(code, language, details);
  return `${title}. ${advice}`;
}
