import { type ErrorCode, errorCodes, GiongError, InputError, UnavailableError } from '#core/errors.ts';
import type { Problem } from '#server/http/api-types.ts';

/** No answer came: the network or the server is down. */
export class ServerUnreachableError extends Error {
  constructor(options?: { cause?: unknown }) {
    super('server-unreachable', options);
    this.name = 'ServerUnreachableError';
  }
}

/** The error that a failed answer stands for. Answers that are not the API's own (a proxy's page) read as unreachable. */
export function errorOfAnswer(status: number, body: string): Error {
  const problem = parseProblem(body);
  if (!problem) return new ServerUnreachableError({ cause: `HTTP ${status}` });
  return errorOfCode(problem.code, new ServerWording(problem.title, problem.detail ?? ''));
}

/** How the server words a failure, in the language that was asked for; it is the `cause` of the error. */
export class ServerWording {
  constructor(
    readonly title: string,
    readonly advice: string,
  ) {}

  toString(): string {
    return this.title;
  }
}

/** A failure told by its code. */
export function errorOfCode(code: ErrorCode, wording: ServerWording): GiongError {
  const options = { cause: wording };
  if (code === 'cancelled') return new GiongError(code, {}, options);
  return isTemporary(code) ? new UnavailableError(code, {}, options) : new InputError(code, {}, options);
}

const temporary: readonly ErrorCode[] = ['busy', 'rate-limited', 'storage-full', 'internal', 'model-missing'];

function isTemporary(code: ErrorCode): boolean {
  return temporary.includes(code);
}

function parseProblem(body: string): Pick<Problem, 'code' | 'title' | 'detail'> | undefined {
  try {
    const value: unknown = JSON.parse(body);
    if (typeof value !== 'object' || value === null || !('code' in value) || !('title' in value)) return undefined;
    const code = errorCodes.find((known) => known === value.code);
    if (!code || typeof value.title !== 'string') return undefined;
    const detail = 'detail' in value && typeof value.detail === 'string' ? value.detail : undefined;
    return { code, title: value.title, detail };
  } catch {
    return undefined;
  }
}
