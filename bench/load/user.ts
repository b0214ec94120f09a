import type { ConvertRequest, Job, JobCreated, Upload } from '#server/http/api-types.ts';
import type { ServerProcess } from '../../tests/server/server-process.ts';
import { type LiveNews, Visitor } from '../../tests/server/visitor.ts';
import type { Tally } from './tally.ts';

export interface UserSetup {
  readonly server: ServerProcess;
  readonly index: number;
  readonly clip: Uint8Array<ArrayBuffer>;
  readonly clipSeconds: number;
  /** Open windows of the page, each with its own WebSocket. */
  readonly sockets: number;
  /** In ms of `performance.now()`: no conversion begins after it. */
  readonly deadline: number;
  readonly tally: Tally;
}

/** Each clip is tried with all of them before the next one is uploaded. */
const voices = ['sample-1688', 'sample-2033', 'sample-3080', 'sample-3331'];

/** The user would have to wait beyond the end. */
class OutOfTime extends Error {}

/** A person at an address of their own who uploads, converts, listens and downloads, again and again. */
export class LoadUser {
  readonly #setup: UserSetup;
  readonly #visitor: Visitor;
  readonly #windows: LiveNews[] = [];
  #source = '';

  constructor(setup: UserSetup) {
    this.#setup = setup;
    this.#visitor = new Visitor(setup.server, 'en');
  }

  /** Goes on until the deadline. What fails is told to the tally. */
  async run(): Promise<void> {
    const { deadline, tally, sockets } = this.#setup;
    try {
      await this.#request('/api/session');
      for (let i = 0; i < sockets; i++) this.#windows.push(await this.#visitor.listen());
      for (let turn = 0; performance.now() < deadline; turn++) {
        try {
          await this.#convertOnce(turn);
        } catch (error) {
          if (error instanceof OutOfTime) return;
          tally.fail(error instanceof Error ? error.message : String(error));
        }
      }
    } catch (error) {
      if (!(error instanceof OutOfTime)) tally.fail(`could not begin: ${error}`);
    }
  }

  /** Closes the windows. */
  leave(): void {
    for (const window of this.#windows) window[Symbol.dispose]();
  }

  async #convertOnce(turn: number): Promise<void> {
    const { tally } = this.#setup;
    if (turn % voices.length === 0) this.#source = await this.#upload(turn);

    const start = performance.now();
    const request = this.#conversion(this.#source, turn);
    const headers = { 'Content-Type': 'application/json' };
    const answer = await this.#request('/api/convert', { method: 'POST', headers, body: JSON.stringify(request) });
    const created: JobCreated = await answer.json();
    if (created.cached) throw new Error('the result was there already');

    const [job] = await Promise.all(this.#windows.map((window) => window.ended(created.id)));
    await this.#download(job);
    tally.waits.push((performance.now() - start) / 1000);
    tally.finished.push(performance.now());
  }

  async #upload(turn: number): Promise<string> {
    const { clip, index } = this.#setup;
    const form = new FormData();
    form.append('file', new File([clip], `clip ${index}-${turn}.wav`));
    const upload: Upload = await (await this.#request('/api/uploads', { method: 'POST', body: form })).json();
    return upload.id;
  }

  /** Options that nobody used before with this clip, so that each conversion is a real one. */
  #conversion(source: string, turn: number): ConvertRequest {
    const { index } = this.#setup;
    return {
      source,
      voice: voices[(index + turn) % voices.length],
      seed: index * 10_000 + turn,
      pitch: (turn % 9) - 4,
    };
  }

  async #download(job: Job | undefined): Promise<void> {
    const result = job?.result;
    if (!result) throw new Error(`a job ended as ${job?.status} with ${job?.error?.code}`);
    const bytes = await (await this.#request(result.url)).bytes();
    const isWav = new TextDecoder('latin1').decode(bytes.subarray(0, 4)) === 'RIFF';
    const isWhole = bytes.length === result.bytes && Math.abs(result.seconds - this.#setup.clipSeconds) < 0.2;
    if (!isWav || !isWhole) throw new Error('a result is not what it should be');
  }

  /** Sends a request, again when the server says that it comes too early. Throws for every other refusal. */
  async #request(path: string, init: RequestInit = {}): Promise<Response> {
    const { tally, index, deadline } = this.#setup;
    const headers = { ...init.headers, 'X-Forwarded-For': `10.0.${index >> 8}.${index & 255}` };
    for (;;) {
      tally.requests++;
      const response = await this.#visitor.fetch(path, { ...init, headers });
      if (response.ok) return response;
      const body = await response.text();
      const retryAfter = Number(response.headers.get('Retry-After') ?? Number.NaN);
      if (response.status !== 429 || Number.isNaN(retryAfter)) {
        throw new Error(
          `${response.status} ${init.method ?? 'GET'} ${path.replace(/[uj]_[^/]+/, '…')}: ${body.slice(0, 200)}`,
        );
      }
      tally.limited++;
      if (performance.now() + 1000 * retryAfter > deadline) throw new OutOfTime();
      await Bun.sleep(1000 * retryAfter);
    }
  }
}
