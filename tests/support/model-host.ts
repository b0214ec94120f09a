import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { ModelManifest } from '#core/models/manifest.ts';

export interface ModelRequest {
  readonly path: string;
  readonly headers: Headers;
}

export interface ModelAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  /** After so many bytes of the body the connection ends. A client may lose what it has not read by then. */
  readonly cutAfter?: number;
  /** What follows the first bytes, `cutAfter` or else half of them, waits for this. */
  readonly hold?: Promise<unknown>;
}

/** A web server whose every byte the test decides, as no decent one would answer. */
export interface ModelHost extends Disposable {
  readonly url: string;
  /** All requests so far, the first one first. */
  readonly requests: readonly ModelRequest[];
}

export function startModelHost(
  answer: (request: ModelRequest, index: number) => ModelAnswer | Promise<ModelAnswer>,
): ModelHost {
  const requests: ModelRequest[] = [];
  const listener = Bun.listen<{ head: string }>({
    hostname: '127.0.0.1',
    port: 0,
    socket: {
      open(socket) {
        socket.data = { head: '' };
      },
      async data(socket, bytes) {
        socket.data.head += new TextDecoder('latin1').decode(bytes);
        if (!socket.data.head.includes('\r\n\r\n')) return;
        const [start = '', ...lines] = socket.data.head.trimEnd().split('\r\n');
        const headers = new Headers(lines.map((line): [string, string] => splitOnce(line)));
        const request = { path: start.split(' ')[1] ?? '', headers };
        const index = requests.push(request) - 1;
        const {
          status,
          headers: answered = {},
          body = new Uint8Array(),
          cutAfter,
          hold,
        } = await answer(request, index);
        const head = { 'Content-Length': String(body.length), Connection: 'close', ...answered };
        const text = Object.entries(head).map(([name, value]) => `${name}: ${value}\r\n`);
        await write(socket, new TextEncoder().encode(`HTTP/1.1 ${status} X\r\n${text.join('')}\r\n`));
        const first = cutAfter ?? body.length >> 1;
        await write(socket, body.subarray(0, first));
        await hold;
        if (cutAfter === undefined) await write(socket, body.subarray(first));
        socket.end();
      },
    },
  });
  return {
    url: `http://127.0.0.1:${listener.port}`,
    requests,
    [Symbol.dispose]: () => listener.stop(true),
  };
}

/** What a decent server answers: the whole, or the range that is asked for unless the content is another by now. */
export function decentAnswer({ headers }: ModelRequest, content: Uint8Array, etag?: string): ModelAnswer {
  const tag: Record<string, string> = etag === undefined ? {} : { ETag: etag };
  const [, first] = /^bytes=(\d+)-$/.exec(headers.get('Range') ?? '') ?? [];
  const condition = headers.get('If-Range');
  if (first === undefined || (condition !== null && condition !== etag)) {
    return { status: 200, headers: tag, body: content };
  }
  const start = Number(first);
  if (start >= content.length) return { status: 416, headers: { 'Content-Range': `bytes */${content.length}` } };
  const range = { 'Content-Range': `bytes ${start}-${content.length - 1}/${content.length}` };
  return { status: 206, headers: { ...tag, ...range }, body: content.subarray(start) };
}

/** Noise that is the same every time. */
export function noiseBytes(length: number, seed = 1): Uint8Array<ArrayBuffer> {
  let state = seed;
  return Uint8Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 24;
  });
}

export function sha256Of(bytes: Uint8Array): string {
  return new Bun.CryptoHasher('sha256').update(bytes).digest('hex');
}

const programModels = join(import.meta.dir, '..', '..', 'models');

/**
 * A folder of models: the program's own and one more, `extra`, of whose files (contents by path) only the manifest knows. An
 * installation is told of it by `GIONG_MODELS`.
 */
export async function makeModelFolder(
  files: Readonly<Record<string, Uint8Array>>,
): Promise<{ path: string } & AsyncDisposable> {
  const path = await mkdtemp(join(tmpdir(), 'giong-models-'));
  const manifest: ModelManifest = await Bun.file(join(programModels, 'manifest.json')).json();
  for (const file of manifest.models.flatMap((model) => model.files)) {
    await mkdir(dirname(join(path, file.path)), { recursive: true });
    await Bun.write(join(path, file.path), Bun.file(join(programModels, file.path)));
  }
  const extra = {
    id: 'extra',
    name: 'Extra',
    version: '1',
    licence: 'MIT',
    source: 'test',
    card: 'extra/README.md',
    files: Object.entries(files).map(([name, bytes]) => ({ path: name, bytes: bytes.length, sha256: sha256Of(bytes) })),
  };
  const extended = { ...manifest, models: [...manifest.models, extra] } satisfies ModelManifest;
  await Bun.write(join(path, 'manifest.json'), JSON.stringify(extended));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

function splitOnce(line: string): [string, string] {
  const colon = line.indexOf(':');
  return [line.slice(0, colon), line.slice(colon + 1).trim()];
}

/** Writes all of it, in as many goes as the socket takes. */
async function write(socket: Bun.Socket<{ head: string }>, bytes: Uint8Array): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const written = socket.write(bytes.subarray(done));
    if (written < 0) return;
    done += written;
    socket.flush();
    if (written === 0) await Bun.sleep(1);
  }
}
