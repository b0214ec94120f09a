import type { Language } from '../i18n/language.ts';
import { errorOfAnswer, ServerUnreachableError } from './api-errors.ts';

export interface TransportDependencies {
  /** Language in which the server words its failures. */
  readonly language: () => Language;
  readonly fetch?: (url: string, init: RequestInit) => Promise<Response>;
  /** Resolves after a time, or when the signal aborts. */
  readonly pause?: (milliseconds: number, signal: AbortSignal | null | undefined) => Promise<void>;
}

/** Who reads too much is let in again within a minute. */
const longestPauseMilliseconds = 60_000;

/** Requests to the server's HTTP API. Failures are `GiongError`s with the server's code, or `ServerUnreachableError`. */
export interface ApiTransport {
  /** Headers that every request carries. */
  headers(): Record<string, string>;
  /**
   * Any request; the answer is one of success. An aborted one rejects with the abort's reason. What is only read is asked for once
   * more when there was too much reading, as soon as the server allows; what a user asks to be done is not: they had better know.
   */
  send(url: string, init: RequestInit): Promise<Response>;
  get<T>(url: string, signal?: AbortSignal): Promise<T>;
  /** Sends a JSON body, reads a JSON answer. */
  sendJson<T>(method: 'POST' | 'PATCH', url: string, body: unknown, signal?: AbortSignal): Promise<T>;
}

export function createApiTransport({
  language,
  fetch: fetchUrl = (url, init) => fetch(url, init),
  pause = pauseFor,
}: TransportDependencies): ApiTransport {
  const headers = () => ({ 'Accept-Language': language() });

  async function answerOf(url: string, init: RequestInit): Promise<Response> {
    try {
      return await fetchUrl(url, { ...init, headers: { ...headers(), ...init.headers } });
    } catch (cause) {
      if (init.signal?.aborted) throw cause;
      throw new ServerUnreachableError({ cause });
    }
  }

  async function send(url: string, init: RequestInit): Promise<Response> {
    let response = await answerOf(url, init);
    const wait = (init.method ?? 'GET') === 'GET' ? pauseAsked(response) : undefined;
    if (wait !== undefined) {
      await pause(wait, init.signal);
      response = await answerOf(url, init);
    }
    if (!response.ok) throw errorOfAnswer(response.status, await response.text());
    return response;
  }

  return {
    headers,
    send,
    get: async (url, signal) => (await send(url, { signal: signal ?? null })).json(),
    async sendJson(method, url, body, signal) {
      const response = await send(url, {
        method,
        body: JSON.stringify(body),
        headers: { 'Content-Type': 'application/json' },
        signal: signal ?? null,
      });
      return response.json();
    },
  };
}

/** How long the server asks a reader to wait, in milliseconds; undefined where it does not, or for too long. */
function pauseAsked(response: Response): number | undefined {
  if (response.status !== 429) return undefined;
  const milliseconds = Number(response.headers.get('Retry-After') ?? Number.NaN) * 1000;
  return milliseconds <= longestPauseMilliseconds ? milliseconds : undefined;
}

function pauseFor(milliseconds: number, signal: AbortSignal | null | undefined): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal?.addEventListener(
      'abort',
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
  });
}
