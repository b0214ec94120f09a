import { CancelledError, GiongError, InputError, UnavailableError } from '#core/errors.ts';
import type { LocalFailure } from './protocol.ts';

/** Puts an error into a form that can be posted. */
export function failureOf(error: unknown): LocalFailure {
  const message = error instanceof Error ? `${error.name}: ${error.message}${causeOf(error)}` : String(error);
  if (!(error instanceof GiongError)) return { kind: 'other', code: 'internal', details: {}, message };
  const kind = error instanceof CancelledError ? 'cancelled' : error instanceof InputError ? 'input' : 'unavailable';
  return { kind, code: error.code, details: error.details, message };
}

/** The error of the same class and code as the one that was posted. */
export function errorOfFailure({ kind, code, details, message }: LocalFailure): GiongError {
  const options = { cause: message };
  if (kind === 'cancelled') return new CancelledError(options);
  if (kind === 'input') return new InputError(code, details, options);
  return new UnavailableError(code, details, options);
}

function causeOf(error: Error): string {
  return error.cause === undefined ? '' : ` (${String(error.cause)})`;
}
