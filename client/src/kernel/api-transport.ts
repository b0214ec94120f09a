import type { Language } from '../i18n/language.ts';
import { errorOfAnswer, ServerUnreachableError } from './api-errors.ts';

export interface TransportDependencies {
  /** Language in which the server words its failures. */
  readonly language: () => Language;
  readonly fetch?: (url: string, init: RequestInit) => Promise<Response>;
}

/** Requests to the server's HTTP API. Failures are `GiongError`s with the server's code, or `ServerUnreachableError`. */
export interface ApiTransport {
  /** Headers that every request carries. */
  headers(): Record<string, string>;
  /** Any request; the answer is one of success. An aborted one rejects with the abort's reason. */
  send(url: string, init: RequestInit): Promise<Response>;
  get<T>(url: string, signal?: AbortSignal): Promise<T>;
  /** Sends a JSON body, reads a JSON answer. */
  sendJson<T>(method: 'POST' | 'PATCH', url: string, body: unknown, signal?: AbortSignal): Promise<T>;
}

export function createApiTransport({
  language,
  fetch: fetchUrl = (url, init) => fetch(url, init),
}: TransportDependencies): ApiTransport {
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
