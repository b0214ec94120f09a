import type { ConvertRequest, Job, JobCreated, LiveMessage, Problem, Upload } from '#server/http/api-types.ts';
import type { ServerProcess } from './server-process.ts';

/** A browser as far as the server can tell: keeps its cookie, speaks a language. */
export class Visitor {
  readonly #server: ServerProcess;
  readonly #language: string;
  #cookie: string | undefined;

  constructor(server: ServerProcess, language = 'vi', cookie?: string) {
    this.#server = server;
    this.#language = language;
    this.#cookie = cookie;
  }

  get cookie(): string | undefined {
    return this.#cookie;
  }

  async fetch(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    headers.set('Accept-Language', this.#language);
    if (this.#cookie) headers.set('Cookie', this.#cookie);
    const response = await fetch(this.#server.url + path, { ...init, headers });
    const cookie = response.headers.get('Set-Cookie');
    if (cookie) this.#cookie = cookie.split(';')[0];
    return response;
  }

  async json<Body>(path: string, init?: RequestInit): Promise<Body> {
    const response = await this.fetch(path, init);
    const text = await response.text();
    if (!response.ok) throw new Error(`${response.status} ${path}: ${text}`);
    return JSON.parse(text);
  }

  post(path: string, body: unknown): Promise<Response> {
    const headers = { 'Content-Type': 'application/json' };
    return this.fetch(path, { method: 'POST', headers, body: JSON.stringify(body) });
  }

  async tryUpload(content: Blob | Uint8Array<ArrayBuffer>, name: string): Promise<Response> {
    const form = new FormData();
    form.append('file', new File([content], name));
    return this.fetch('/api/uploads', { method: 'POST', body: form });
  }

  async upload(content: Blob | Uint8Array<ArrayBuffer>, name: string): Promise<Upload> {
    const response = await this.tryUpload(content, name);
    if (response.status !== 201) throw new Error(`upload: ${response.status} ${await response.text()}`);
    return (await response.json()) as Upload;
  }

  async convert(request: ConvertRequest): Promise<JobCreated> {
    const response = await this.post('/api/convert', request);
    if (response.status !== 202) throw new Error(`convert: ${response.status} ${await response.text()}`);
    return (await response.json()) as JobCreated;
  }

  job(id: string): Promise<Job> {
    return this.json(`/api/jobs/${id}`);
  }

  /** Opens the WebSocket; resolves after its greeting. */
  async listen(): Promise<LiveNews> {
    const url = `${this.#server.url.replace('http', 'ws')}/ws?language=${this.#language}`;
    // The DOM's type does not know of the headers that Bun's WebSocket can send.
    const socket: WebSocket = Reflect.construct(WebSocket, [url, { headers: { Cookie: this.#cookie ?? '' } }]);
    const news = new LiveNews(socket);
    await news.until((message) => message.type === 'hello');
    return news;
  }
}

/** All that the server says over one WebSocket. */
export class LiveNews implements Disposable {
  readonly messages: LiveMessage[] = [];
  readonly #socket: WebSocket;
  readonly #listeners = new Set<() => void>();
  #closed: string | undefined;

  constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.addEventListener('message', ({ data }) => {
      this.messages.push(JSON.parse(String(data)));
      for (const hear of this.#listeners) hear();
    });
    socket.addEventListener('close', ({ code, reason }) => {
      this.#closed = `the socket was closed: ${code} ${reason}`;
      for (const hear of this.#listeners) hear();
    });
  }

  /** The first message, past or to come, of which `wanted` is true. */
  async until(wanted: (message: LiveMessage) => boolean): Promise<LiveMessage> {
    return new Promise((resolve, reject) => {
      const hear = () => {
        const found = this.messages.find(wanted);
        if (!found && this.#closed === undefined) return;
        this.#listeners.delete(hear);
        if (found) resolve(found);
        else reject(new Error(this.#closed));
      };
      this.#listeners.add(hear);
      hear();
    });
  }

  /** The job once it has ended. */
  async ended(id: string): Promise<Job> {
    const message = await this.until(
      (candidate) => candidate.type === 'job' && candidate.job.id === id && candidate.job.finishedAt !== null,
    );
    if (message.type !== 'job') throw new Error('no job in the message');
    return message.job;
  }

  send(text: string): void {
    this.#socket.send(text);
  }

  [Symbol.dispose](): void {
    this.#socket.close();
  }
}

/** Checks that an answer is a problem and gives its parts. */
export async function problemOf(response: Response): Promise<Problem> {
  const type = response.headers.get('Content-Type');
  if (type !== 'application/problem+json') throw new Error(`${response.status} with ${type}: ${await response.text()}`);
  return (await response.json()) as Problem;
}
