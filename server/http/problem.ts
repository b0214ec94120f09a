import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { z } from 'zod';
import { en, vi } from 'zod/locales';
import { errorWording } from '#core/error-text.ts';
import { type ErrorCode, GiongError, InputError } from '#core/errors.ts';
import { defaultLanguage, type Language } from '../language.ts';
import { isOutage } from '../redis/outage.ts';
import type { Problem } from './api-types.ts';
import type { AppEnv } from './context.ts';

/** The HTTP status of each code. */
const statuses: Readonly<Record<ErrorCode, ContentfulStatusCode>> = {
  'audio-empty': 422,
  'audio-format-unknown': 415,
  'audio-corrupt': 422,
  'audio-rate-unsupported': 422,
  'audio-channels-unsupported': 422,
  'audio-too-short': 422,
  'audio-too-long': 422,
  'audio-too-large': 413,
  'audio-silent': 422,
  'audio-not-finite': 422,
  'reference-no-speech': 422,
  'reference-too-short': 422,
  'references-differ': 422,
  'consent-missing': 422,
  'voice-corrupt': 422,
  'voice-version-unknown': 422,
  'voice-engine-mismatch': 422,
  'option-invalid': 400,
  'engine-unknown': 400,
  'model-missing': 503,
  'model-corrupt': 503,
  'model-unsupported': 503,
  'memory-exhausted': 507,
  'download-failed': 502,
  'simd-missing': 503,
  'request-invalid': 400,
  unauthorized: 401,
  forbidden: 403,
  'not-found': 404,
  'result-not-ready': 409,
  'upload-offset': 409,
  'upload-locked': 423,
  'webhook-refused': 400,
  busy: 503,
  'rate-limited': 429,
  'queue-full': 429,
  'idempotency-busy': 409,
  'idempotency-mismatch': 422,
  'job-timeout': 504,
  'storage-full': 507,
  'storage-unavailable': 503,
  'quota-exceeded': 403,
  'in-use': 409,
  'data-in-use': 503,
  'redis-missing': 503,
  cancelled: 409,
  internal: 500,
};

/** A request that breaks its schema; `issues` say where, in words that `detailOf` makes. */
export class InvalidRequestError extends InputError {
  readonly issues: readonly z.core.$ZodIssue[];

  constructor(issues: readonly z.core.$ZodIssue[]) {
    super('request-invalid');
    this.issues = issues;
  }
}

/** The answer to a request that failed (RFC 9457). An error that is not ours is `internal` and tells nothing of itself. */
export function problemResponse(c: Context<AppEnv>, error: unknown, status = statuses[codeOf(error)]): Response {
  // A request may fail before its language is known.
  const language = c.var.language ?? defaultLanguage;
  const code = codeOf(error);
  const details = error instanceof GiongError ? error.details : {};
  const { title, advice } = errorWording(code, language, details);
  const detail = error instanceof InvalidRequestError ? detailOf(error, language) : advice;
  const problem: Problem = { type: `urn:giong:problem:${code}`, title, status, code, detail };
  if (status === 401) c.header('WWW-Authenticate', 'Bearer');
  return c.body(JSON.stringify(problem), status, { 'Content-Type': 'application/problem+json' });
}

/** Checks what came in against its schema. Throws `InvalidRequestError`. */
export function parseRequest<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const parsed = schema.safeParse(value, { reportInput: true });
  if (!parsed.success) throw new InvalidRequestError(parsed.error.issues);
  return parsed.data;
}

/** The body as JSON, checked. Throws `InvalidRequestError`. */
export async function parseJsonBody<Schema extends z.ZodType>(c: Context, schema: Schema): Promise<z.output<Schema>> {
  const text = await c.req.text();
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new InvalidRequestError([
      { code: 'invalid_format', format: 'json_string', path: [], message: '', input: '' },
    ]);
  }
  return parseRequest(schema, value);
}

function codeOf(error: unknown): ErrorCode {
  if (error instanceof GiongError) return error.code;
  return isOutage(error) ? 'busy' : 'internal';
}

const locales = { vi: vi(), en: en() };
const shownIssues = 5;

const oneOfReferenceVoice: Readonly<Record<Language, string>> = {
  vi: 'cần đúng một trong hai trường reference và voice',
  en: 'exactly one of reference and voice is needed',
};

/** Such as `strength: Too big: expected number to be <=1`. */
function detailOf({ issues }: InvalidRequestError, language: Language): string {
  return issues
    .slice(0, shownIssues)
    .map((issue) => {
      const field = issue.path.join('.');
      const text = wordIssue(issue, language);
      return field === '' ? text : `${field}: ${text}`;
    })
    .join('; ');
}

function wordIssue(issue: z.core.$ZodIssue, language: Language): string {
  if (issue.code === 'custom') return oneOfReferenceVoice[language];
  const worded = locales[language].localeError(issue as z.core.$ZodRawIssue);
  return (typeof worded === 'string' ? worded : worded?.message) ?? issue.message;
}
