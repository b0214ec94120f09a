import { createHmac } from 'node:crypto';

export interface Received {
  readonly path: string;
  readonly headers: Headers;
  readonly body: string;
}

/** A real HTTP server on loopback that keeps what it is sent and answers as it is told. */
export class WebhookReceiver implements Disposable {
  readonly received: Received[] = [];
  readonly #server: Bun.Server<undefined>;
  readonly #listeners = new Set<() => void>();

  /** `answer` is asked for each request with how many came before it. */
  constructor(answer: (before: number) => Response | Promise<Response> = () => new Response(null, { status: 204 })) {
    this.#server = Bun.serve({
      port: 0,
      hostname: '127.0.0.1',
      fetch: async (request) => {
        const received = { path: new URL(request.url).pathname, headers: request.headers, body: await request.text() };
        const response = answer(this.received.push(received) - 1);
        for (const hear of this.#listeners) hear();
        return response;
      },
    });
  }

  get url(): string {
    return `http://127.0.0.1:${this.#server.port}/hook`;
  }

  /** The same receiver under a name, which has to be resolved. */
  get namedUrl(): string {
    return `http://localhost:${this.#server.port}/hook`;
  }

  /** All requests, once there are so many. */
  async until(count: number): Promise<readonly Received[]> {
    return new Promise((resolve) => {
      const hear = () => {
        if (this.received.length < count) return;
        this.#listeners.delete(hear);
        resolve(this.received);
      };
      this.#listeners.add(hear);
      hear();
    });
  }

  [Symbol.dispose](): void {
    this.#server.stop(true);
  }
}

/** Whether the request was signed with the secret. */
export function isSignedWith({ headers, body }: Received, secret: string): boolean {
  const signature = createHmac('sha256', secret).update(body).digest('hex');
  return headers.get('X-Giong-Signature') === `sha256=${signature}`;
}
