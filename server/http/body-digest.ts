import type { Context } from 'hono';

/**
 * Tells whether two requests are the same: SHA-256 of method, path, query and body. The boundary of a form is left out of it,
 * which programs choose anew each time that they send the same form.
 */
export class BodyDigest {
  readonly #hash = new Bun.CryptoHasher('sha256');
  readonly #boundary: Buffer;
  /** The last bytes, in which a boundary may have begun. */
  #rest = Buffer.alloc(0);

  constructor(c: Context) {
    const { pathname, search } = new URL(c.req.url);
    this.#hash.update(`${c.req.method} ${pathname}${search}\n`);
    const [, quoted, plain] = /boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(c.req.header('Content-Type') ?? '') ?? [];
    this.#boundary = Buffer.from(quoted ?? plain ?? '');
  }

  update(chunk: Uint8Array): void {
    const { length } = this.#boundary;
    if (length === 0) {
      this.#hash.update(chunk);
      return;
    }
    let bytes = Buffer.concat([this.#rest, chunk]);
    for (let at = bytes.indexOf(this.#boundary); at >= 0; at = bytes.indexOf(this.#boundary)) {
      this.#hash.update(bytes.subarray(0, at));
      bytes = bytes.subarray(at + length);
    }
    const decided = Math.max(0, bytes.length - (length - 1));
    this.#hash.update(bytes.subarray(0, decided));
    this.#rest = bytes.subarray(decided);
  }

  /** The request with a body that is watched while it is read. */
  watch({ headers, body }: Request): Pick<Request, 'headers' | 'body'> {
    const watching = new TransformStream<Uint8Array, Uint8Array>({
      transform: (chunk, controller) => {
        this.update(chunk);
        controller.enqueue(chunk);
      },
    });
    return { headers, body: body?.pipeThrough(watching) ?? null };
  }

  /** In hexadecimal, once the whole body has been seen. */
  finish(): string {
    return this.#hash.update(this.#rest).digest('hex');
  }
}
