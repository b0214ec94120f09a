import { S3Client, type S3File } from 'bun';
import { GiongError, InputError, UnavailableError } from '#core/errors.ts';
import { assertKey, type FileContent, type FileStore, type ListedFile, type StoredFile } from './store.ts';

export interface S3Settings {
  readonly bucket: string;
  /** URL of the service; left out: Amazon's of the region. */
  readonly endpoint?: string | undefined;
  readonly region?: string | undefined;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** A file goes out in parts of so many bytes, at most so many at once: what a write holds in memory. */
const upload = { partSize: 8 * 2 ** 20, queueSize: 2, retry: 3 };
/** How many files are removed at once. */
const removedAtOnce = 16;

/** Files in a bucket of an S3-compatible service. A write appears under its key when its last part has arrived. */
export class S3FileStore implements FileStore {
  readonly #client: S3Client;

  constructor({ bucket, endpoint, region, accessKeyId, secretAccessKey }: S3Settings) {
    this.#client = new S3Client({
      bucket,
      accessKeyId,
      secretAccessKey,
      ...(endpoint !== undefined && { endpoint }),
      ...(region !== undefined && { region }),
    });
  }

  async write(key: string, content: AsyncIterable<Uint8Array> | Uint8Array): Promise<StoredFile> {
    assertKey(key);
    const hasher = new Bun.CryptoHasher('sha256');
    let bytes = 0;
    async function* hashed(): AsyncGenerator<Uint8Array> {
      for await (const chunk of content instanceof Uint8Array ? [content] : content) {
        hasher.update(chunk);
        bytes += chunk.byteLength;
        yield chunk;
      }
    }
    try {
      // Only so is a failing write given up: `writer().end(error)` completes it with what has come so far.
      await this.#client.file(key).write(new Response(hashed()), upload);
    } catch (error) {
      throw asStorageError(error);
    }
    return { bytes, sha256: hasher.digest('hex') };
  }

  async open(key: string): Promise<FileContent> {
    assertKey(key);
    const file = this.#client.file(key);
    try {
      const { size } = await file.stat();
      return new S3Content(file, 0, size);
    } catch (error) {
      throw asStorageError(error);
    }
  }

  async remove(key: string): Promise<void> {
    assertKey(key);
    await this.#client.delete(key).catch((error: unknown) => {
      throw asStorageError(error);
    });
  }

  async *list(folder?: string): AsyncGenerator<ListedFile> {
    if (folder !== undefined) assertKey(folder);
    const prefix = folder === undefined ? {} : { prefix: `${folder}/` };
    let next: string | undefined;
    do {
      const page = await this.#client
        .list({ ...prefix, ...(next !== undefined && { continuationToken: next }) })
        .catch((error: unknown) => {
          throw asStorageError(error);
        });
      for (const { key, lastModified } of page.contents ?? []) {
        yield { key, changedAt: new Date(lastModified ?? 0) };
      }
      next = page.isTruncated ? page.nextContinuationToken : undefined;
    } while (next !== undefined);
  }

  async removeAll(folder: string): Promise<void> {
    let keys: string[] = [];
    const flush = async () => {
      await Promise.all(keys.map((key) => this.remove(key)));
      keys = [];
    };
    for await (const { key } of this.list(folder)) {
      keys.push(key);
      if (keys.length >= removedAtOnce) await flush();
    }
    await flush();
  }

  /** Nothing: an unfinished multipart upload is not seen by clients; the bucket's lifecycle rule ends those of killed processes. */
  async clearTemporary(): Promise<void> {}

  async ping(): Promise<void> {
    await this.#client.list({ maxKeys: 1 }).catch((error: unknown) => {
      throw asStorageError(error);
    });
  }
}

/** A part of an object. Not a `Blob`: Bun answers a request with an S3 object by a redirect to the service, which users need not reach. */
class S3Content implements FileContent {
  readonly #file: S3File;
  readonly #start: number;
  readonly size: number;

  constructor(file: S3File, start: number, size: number) {
    this.#file = file;
    this.#start = start;
    this.size = size;
  }

  slice(start: number, end: number): FileContent {
    const first = Math.min(Math.max(start, 0), this.size);
    const size = Math.min(Math.max(end, first), this.size) - first;
    return new S3Content(this.#file, this.#start + first, size);
  }

  stream(): ReadableStream<Uint8Array<ArrayBuffer>> {
    return this.#part().stream();
  }

  async bytes(): Promise<Uint8Array<ArrayBuffer>> {
    return this.#part()
      .bytes()
      .catch((error: unknown) => {
        throw asStorageError(error);
      });
  }

  async arrayBuffer(): Promise<ArrayBuffer> {
    const bytes = await this.bytes();
    return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
  }

  /** S3 has no empty ranges: it would answer with the whole. */
  #part(): Blob {
    return this.size === 0 ? new Blob() : this.#file.slice(this.#start, this.#start + this.size);
  }
}

/** What the service says becomes a typed error; what the content threw stays what it is. */
function asStorageError(error: unknown): unknown {
  if (error instanceof GiongError || !(error instanceof Error) || error.name !== 'S3Error') return error;
  const code = 'code' in error ? error.code : undefined;
  if (code === 'NoSuchKey') return new InputError('not-found', {}, { cause: error });
  return new UnavailableError('storage-unavailable', {}, { cause: error });
}
