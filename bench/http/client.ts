import type { Socket } from 'bun';

/** One request, all its bytes, and what must come back. */
export interface LoadRequest {
  readonly bytes: Uint8Array;
  readonly status: number;
  /** Length of the answer's body in bytes; undefined: any. */
  readonly bodyBytes?: number;
}

const headEnd = new TextEncoder().encode('\r\n\r\n');
const decoder = new TextDecoder('latin1');

/**
 * Sends `count` requests over `connections` connections that stay open, the next one on each as soon as its answer is whole.
 * Reads as little of the answers as it must, so that it takes less of the machine than any server. Resolves with the seconds it took;
 * throws when an answer is not the expected one, or has no Content-Length.
 */
export async function sendAll(port: number, request: LoadRequest, connections: number, count: number): Promise<number> {
  const start = performance.now();
  let left = count;
  const take = () => left-- > 0;
  await Promise.all(Array.from({ length: connections }, () => runConnection(port, request, take)));
  return (performance.now() - start) / 1000;
}

async function runConnection(port: number, request: LoadRequest, take: () => boolean): Promise<void> {
  if (!take()) return;
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let sent = 0;
  let answer = new AnswerReader(request);
  const send = (socket: Socket) => {
    sent += socket.write(request.bytes.subarray(sent));
  };
  await Bun.connect({
    hostname: '127.0.0.1',
    port,
    socket: {
      open: send,
      drain: (socket) => {
        if (sent < request.bytes.length) send(socket);
      },
      data(socket, chunk) {
        try {
          if (!answer.read(chunk)) return;
        } catch (error) {
          reject(error);
          socket.end();
          return;
        }
        if (take()) {
          answer = new AnswerReader(request);
          sent = 0;
          send(socket);
        } else {
          resolve();
          socket.end();
        }
      },
      close: () => reject(new Error('the server closed the connection')),
      error: (_, error) => reject(error),
    },
  });
  return promise;
}

/** Follows one answer to its end. */
class AnswerReader {
  readonly #request: LoadRequest;
  #head: Buffer = Buffer.alloc(0);
  #left: number | undefined;

  constructor(request: LoadRequest) {
    this.#request = request;
  }

  /** Whether the answer is whole with this chunk. */
  read(chunk: Buffer): boolean {
    if (this.#left !== undefined) {
      this.#left -= chunk.length;
    } else {
      this.#head = this.#head.length === 0 ? chunk : Buffer.concat([this.#head, chunk]);
      const end = this.#head.indexOf(headEnd);
      if (end < 0) return false;
      this.#left = this.#bodyLength(decoder.decode(this.#head.subarray(0, end))) - (this.#head.length - end - 4);
    }
    if (this.#left < 0) throw new Error('more came than Content-Length says');
    return this.#left === 0;
  }

  #bodyLength(head: string): number {
    const { status, bodyBytes } = this.#request;
    const length = Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? Number.NaN);
    if (!head.startsWith(`HTTP/1.1 ${status} `) || Number.isNaN(length) || length !== (bodyBytes ?? length)) {
      throw new Error(`expected ${status} with ${bodyBytes ?? 'some'} bytes, got: ${head}`);
    }
    return length;
  }
}
