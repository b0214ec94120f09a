/**
 * Every way in which the product says no. A code is stable: clients, documentation and translations hang on it.
 * The words for people are in `error-words/`.
 */
export const errorCodes = [
  'audio-empty',
  'audio-format-unknown',
  'audio-corrupt',
  'audio-rate-unsupported',
  'audio-channels-unsupported',
  'audio-too-short',
  'audio-too-long',
  'audio-too-large',
  'audio-silent',
  'audio-not-finite',
  'reference-no-speech',
  'reference-too-short',
  'references-differ',
  'consent-missing',
  'voice-corrupt',
  'voice-version-unknown',
  'voice-engine-mismatch',
  'option-invalid',
  'engine-unknown',
  'model-missing',
  'model-corrupt',
  'model-unsupported',
  'memory-exhausted',
  'download-failed',
  'simd-missing',
  'request-invalid',
  'unauthorized',
  'forbidden',
  'not-found',
  'result-not-ready',
  'upload-offset',
  'upload-locked',
  'webhook-refused',
  'busy',
  'rate-limited',
  'queue-full',
  'idempotency-busy',
  'idempotency-mismatch',
  'job-timeout',
  'storage-full',
  'storage-unavailable',
  'quota-exceeded',
  'in-use',
  'data-in-use',
  'redis-missing',
  'cancelled',
  'internal',
] as const;

export type ErrorCode = (typeof errorCodes)[number];

/** Values that an error's text mentions, such as `{ seconds: 7200, limit: 3600 }`. */
export type ErrorDetails = Readonly<Record<string, string | number>>;

/** Base of all errors that the product throws on purpose. Catch the subclass that matches your decision. */
export class GiongError extends Error {
  readonly code: ErrorCode;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, details: ErrorDetails = {}, options?: { cause?: unknown }) {
    super(code, options);
    this.name = new.target.name;
    this.code = code;
    this.details = details;
  }
}

/** The input or the request is wrong: trying again unchanged gives the same answer. */
export class InputError extends GiongError {}

/** Something that the product needs is missing or full now: trying later, or after mending it, can work. */
export class UnavailableError extends GiongError {}

/** The caller asked to stop. */
export class CancelledError extends GiongError {
  constructor(options?: { cause?: unknown }) {
    super('cancelled', {}, options);
  }
}

/** Throws `CancelledError` once the signal is aborted; call it between steps of long work. */
export function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new CancelledError({ cause: signal.reason });
}
