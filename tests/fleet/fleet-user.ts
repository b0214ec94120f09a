import type { ConvertRequest, Job, JobCreated, LiveMessage } from '#server/http/api-types.ts';

/** Servers come and go in these tests: what fails is tried again after this pause, for so long. */
const pauseMilliseconds = 200;
const patienceMilliseconds = 90_000;

/**
 * A user as a good client makes one: requests that meet no server are repeated (with an idempotency key where they create
 * something), and a socket that breaks is opened again. Self-signed certificates are accepted.
 */
export class FleetUser implements Disposable {
  readonly #url: string;
  #cookie = '';
  #socket: WebSocket | undefined;
  #isClosed = false;
  #connections = 0;
  /** How the socket told of each job that ended: its last status. */
  readonly endings = new Map<string, Job['status']>();
  /** Jobs of which a share between none and all was told as done. */
  readonly progressed = new Set<string>();
  readonly #listeners = new Set<() => void>();

  private constructor(url: string) {
    this.#url = url;
  }

  /** A new visitor with an open socket. */
  static async arrive(url: string): Promise<FleetUser> {
    const user = new FleetUser(url);
    await user.#request('/api/session');
    user.#connect();
    return user;
  }

  /** How many sockets have greeted this user: one more after each reconnection. */
  get connections(): number {
    return this.#connections;
  }

  async convert(request: ConvertRequest): Promise<string> {
    const response = await this.#request('/api/convert', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'Idempotency-Key': crypto.randomUUID() },
      body: JSON.stringify(request),
    });
    return ((await response.json()) as JobCreated).id;
  }

  async upload(content: Uint8Array<ArrayBuffer>, name: string): Promise<string> {
    const form = new FormData();
    form.append('file', new File([content], name));
    const headers = { 'Idempotency-Key': crypto.randomUUID() };
    const response = await this.#request('/api/uploads', { method: 'POST', headers, body: form });
    return ((await response.json()) as { id: string }).id;
  }

  async jobs(): Promise<Job[]> {
    const response = await this.#request('/api/jobs');
    return ((await response.json()) as { jobs: Job[] }).jobs;
  }

  async result(id: string): Promise<Uint8Array> {
    return (await this.#request(`/api/jobs/${id}/result`)).bytes();
  }

  /** Resolves once the socket has told that the job has ended. */
  async hearsOf(id: string): Promise<void> {
    while (!this.endings.has(id)) {
      await new Promise<void>((resolve) => {
        const hear = () => {
          this.#listeners.delete(hear);
          resolve();
        };
        this.#listeners.add(hear);
      });
    }
  }

  [Symbol.dispose](): void {
    this.#isClosed = true;
    this.#socket?.close();
  }

  async #request(path: string, init: RequestInit = {}): Promise<Response> {
    const deadline = Date.now() + patienceMilliseconds;
    for (;;) {
      const failure = await this.#try(path, init);
      if (failure instanceof Response) return failure;
      if (Date.now() > deadline) throw new Error(`${path} kept failing: ${failure}`);
      await Bun.sleep(pauseMilliseconds);
    }
  }

  /** The answer, or why there is none yet. Throws when asking again would be no use. */
  async #try(path: string, init: RequestInit): Promise<Response | string> {
    const headers = new Headers(init.headers);
    if (this.#cookie) headers.set('Cookie', this.#cookie);
    let response: Response;
    try {
      response = await fetch(this.#url + path, { ...init, headers, tls: { rejectUnauthorized: false } });
    } catch (error) {
      return String(error);
    }
    const cookie = response.headers.get('Set-Cookie')?.split(';')[0];
    if (cookie) this.#cookie = cookie;
    if (response.ok) return response;
    const text = `${response.status} ${await response.text()}`;
    if ([409, 502, 503, 504].includes(response.status)) return text;
    throw new Error(`${path}: ${text}`);
  }

  #connect(): void {
    const options = { headers: { Cookie: this.#cookie }, tls: { rejectUnauthorized: false } };
    // The DOM's type does not know of the options of Bun's WebSocket.
    const socket: WebSocket = Reflect.construct(WebSocket, [`${this.#url.replace(/^http/, 'ws')}/ws`, options]);
    this.#socket = socket;
    socket.addEventListener('message', ({ data }) => this.#hear(JSON.parse(String(data))));
    socket.addEventListener('close', () => {
      if (!this.#isClosed) setTimeout(() => this.#isClosed || this.#connect(), pauseMilliseconds);
    });
  }

  #hear(message: LiveMessage): void {
    if (message.type === 'progress' && message.progress > 0 && message.progress < 1) this.progressed.add(message.id);
    if (message.type === 'job') this.#note(message.job);
    if (message.type === 'hello') this.#connections++;
    if (message.type === 'hello') for (const job of message.jobs) this.#note(job);
    for (const hear of this.#listeners) hear();
  }

  #note({ id, status }: Job): void {
    if (status === 'done' || status === 'failed' || status === 'cancelled') this.endings.set(id, status);
  }
}
