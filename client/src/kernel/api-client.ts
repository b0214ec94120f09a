import type {
  ConvertRequest,
  Job,
  JobCreated,
  JobList,
  QueueStatus,
  Session,
  Upload,
  Voice,
} from '#server/http/api-types.ts';
import { errorOfAnswer, ServerUnreachableError } from './api-errors.ts';
import type { ApiTransport } from './api-transport.ts';
import { importVoice } from './import-voice.ts';
import { type UploadTransport, uploadByRequest } from './upload.ts';

/** What a conversion is made of: the fields of the API without the ones that name recordings. */
export type ConvertSettings = Omit<ConvertRequest, 'source' | 'reference' | 'voice'>;

/** The server's HTTP API. Failures are `GiongError`s with the server's code, or `ServerUnreachableError`. */
export interface ApiClient {
  /** Sets the session cookie; every other call needs it. */
  session(): Promise<Session>;
  /** Sends a recording; `onProgress` gets the share sent so far, 0..1. */
  upload(file: Blob, name: string, control?: UploadControl): Promise<Upload>;
  /** Sends a voice's profile for conversions alone; the user has the owner's consent. */
  sendVoice(profile: Blob, name: string, signal?: AbortSignal): Promise<Voice>;
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

export function createApiClient(transport: ApiTransport, sendUpload: UploadTransport = uploadByRequest): ApiClient {
  const { headers, send, get, sendJson } = transport;
  const jobUrl = (id: string) => `/api/jobs/${encodeURIComponent(id)}`;

  return {
    session: () => get('/api/session'),
    async upload(file, name, control = {}) {
      const { status, body } = await sendUpload('/api/uploads', file, name, headers(), control);
      if (status === 0) throw new ServerUnreachableError();
      if (status >= 400) throw errorOfAnswer(status, body);
      return JSON.parse(body);
    },
    sendVoice: (profile, name, signal) => importVoice(transport, profile, name, { listed: false, signal }),
    convert: (request, signal) => sendJson('POST', '/api/convert', request, signal),
    job: (id, signal) => get(jobUrl(id), signal),
    jobs: (signal) => get('/api/jobs', signal),
    cancel: async (id) => (await send(jobUrl(id), { method: 'DELETE' })).json(),
    queueStatus: (signal) => get('/api/queue/status', signal),
    download: async (url, signal) => (await send(url, { signal: signal ?? null })).blob(),
  };
}
