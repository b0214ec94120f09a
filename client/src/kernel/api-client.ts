import { type ErrorCode, errorCodes, GiongError, InputError, UnavailableError } from '#core/errors.ts';
import type {
  ConvertRequest,
  Job,
  JobCreated,
  JobList,
  Problem,
  QueueStatus,
  Session,
  Upload,
} from '#server/http/api-types.ts';
import type { Language } from '../i18n/language.ts';
import { type UploadTransport, uploadByRequest } from './upload.ts';

/** No answer came: the network or the server is down. */
export class ServerUnreachableError extends Error {
  constructor(options?: { cause?: unknown }) {
    super('server-unreachable', options);
    this.name = 'ServerUnreachableError';
  }
}

/** What a conversion is made of: the fields of the API without the ones that name recordings. */
export type ConvertSettings = Omit<ConvertRequest, 'source' | 'reference' | 'voice'>;

/** The server's HTTP API. Failures are `GiongError`s with the server's code, or `ServerUnreachableError`. */
export interface ApiClient {
  /** Sets the session cookie; every other call needs it. */
  session(): Promise<Session>;
  /** Sends a recording; `onProgress` gets the share sent so far, 0..1. */
  upload(file: Blob, name: string, control?: UploadControl): Promise<Upload>;
  convert(request: ConvertRequest, signal?: AbortSignal): Promise<JobCreated>;
  job(id: string, signal?: AbortSignal): Promise<Job>;
  jobs(signal?: AbortSignal): Promise<JobList>;
  /** Asks for a job to be cancelled; its last state is the answer. */
  cancel(id: string): Promise<Job>;
  queueStatus(signal?: AbortSignal): Promise<QueueStatus>;
  /** The bytes behind a URL that the API gave, such as a job's result. */
  download(url: string, signal?: AbortSignal): Promise<Blob>;
}

export interface UploadControl {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((fraction: number) => void) | undefined;
}

export interface ApiClientDependencies {
  /** Language in which the server words its failures. */
  readonly language: () => Language;
  readonly fetch?: (url: string, init: RequestInit) => Promise<Response>;
  readonly upload?: UploadTransport;
}

export function createApiClient({
  language,
  fetch: fetchUrl = (url, init) => fetch(url, init),
  upload: sendUpload = uploadByRequest,
}: ApiClientDependencies): ApiClient {
  const headers = () => ({ 'Accept-Language': language() });

  async function send(url: string, init: RequestInit): Promise<Response> {
    let response: Response;
    try {
      response = await fetchUrl(url, { ...init, headers: { ...headers(), ...init.headers } });
    } catch (cause) {
      if (init.signal?.aborted) throw cause;
      throw new ServerUnreachableError({ cause });
    }
    if (!response.ok) throw errorOfAnswer(response.status, await response.text());
    return response;
  }

  const get = async <T>(url: string, signal?: AbortSignal): Promise<T> =>
    (await send(url, { signal: signal ?? null })).json();

  const jobUrl = (id: string) => `/api/jobs/${encodeURIComponent(id)}`;

  return {
    session: () => get('/api/session'),
    async upload(file, name, control = {}) {
      const { status, body } = await sendUpload('/api/uploads', file, name, headers(), control);
      if (status === 0) throw new ServerUnreachableError();
      if (status >= 400) throw errorOfAnswer(status, body);
      return JSON.parse(body);
    },
    async convert(request, signal) {
      const response = await send('/api/convert', {
        method: 'POST',
        body: JSON.stringify(request),
        headers: { 'Content-Type': 'application/json' },
        signal: signal ?? null,
      });
      return response.json();
    },
    job: (id, signal) => get(jobUrl(id), signal),
    jobs: (signal) => get('/api/jobs', signal),
    cancel: async (id) => (await send(jobUrl(id), { method: 'DELETE' })).json(),
    queueStatus: (signal) => get('/api/queue/status', signal),
    download: async (url, signal) => (await send(url, { signal: signal ?? null })).blob(),
  };
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
