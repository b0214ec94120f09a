import { InputError, UnavailableError } from '#core/errors.ts';
import type { ResumableUploadRepository } from '../data/resumable-uploads.ts';
import type { ResumableUploadRow } from '../data/schema.ts';
import { type FileStore, fileKeys } from '../files/store.ts';
import type { ResumableUpload } from '../http/api-types.ts';
import { newId, requested } from '../ids.ts';
import type { Logger } from '../observe/log.ts';
import type { UploadService } from '../uploads.ts';
import { WriterPlace } from './writer-place.ts';

const lifeSeconds = 24 * 3600;
const searchSeconds = 3600;
/** What a killed server can lose of a request, and what it holds of it in memory. */
const partBytes = 4 * 2 ** 20;
/** Unfinished uploads of one workspace. */
const mostUnfinished = 10;

export interface ResumableUploadsParts {
  readonly records: ResumableUploadRepository;
  readonly files: FileStore;
  readonly uploads: UploadService;
  readonly maxUploadBytes: number;
  readonly log: Logger;
}

/**
 * Uploads that arrive in parts over several requests. Each part is a file of the store as soon as it is here, and the database says
 * which belong to the upload: so they survive the server, and the next request may reach another one. When all is there, the upload
 * is checked and kept as any other, under the id that it had from the beginning; one that fails the checks leaves nothing.
 */
export class ResumableUploads {
  readonly #parts: ResumableUploadsParts;
  readonly #place: WriterPlace;
  #timer: Timer | undefined;

  constructor(parts: ResumableUploadsParts) {
    this.#parts = parts;
    this.#place = new WriterPlace(parts.records);
  }

  /** Removes what has expired, now and from time to time. */
  start(): void {
    const search = () => {
      this.removeExpired(new Date()).catch((error: unknown) => {
        this.#parts.log.error({ err: error }, 'expired uploads could not be removed');
      });
    };
    search();
    this.#timer = setInterval(search, searchSeconds * 1000);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /**
   * The same request with the same `idempotencyKey` is the same upload, even when the server was killed before it could answer.
   * Throws `InputError('audio-empty' | 'audio-too-large')`, `UnavailableError('quota-exceeded')`, `'storage-full'` for too many unfinished ones.
   */
  async create(workspaceId: string, length: number, name: string, idempotencyKey?: string): Promise<ResumableUpload> {
    const { records, uploads, maxUploadBytes } = this.#parts;
    if (length === 0) throw new InputError('audio-empty');
    if (length > maxUploadBytes) throw new InputError('audio-too-large', { limit: maxUploadBytes });
    const { id, earlier } = await requested('upload', workspaceId, idempotencyKey, { length, name }, records);
    if (earlier) return view(earlier);
    await uploads.requireRoom(workspaceId, length);
    if ((await records.count(workspaceId)) >= mostUnfinished) throw new UnavailableError('storage-full');
    const now = Date.now();
    const row: ResumableUploadRow = {
      id,
      workspace_id: workspaceId,
      name,
      length,
      received: 0,
      parts: '[]',
      writer: null,
      writer_until: null,
      created_at: new Date(now).toISOString(),
      expires_at: new Date(now + lifeSeconds * 1000).toISOString(),
    };
    await records.insert(row);
    return view(row);
  }

  /**
   * How much is here. One that was whole when its server died is checked now. Throws `InputError('not-found')` and, for what fails
   * the checks, the code of the audio.
   */
  async get(workspaceId: string, id: string): Promise<ResumableUpload> {
    const row = await this.#find(workspaceId, id);
    if (!row) return this.#complete(workspaceId, id);
    if (row.received < row.length) return view(row);
    const finished = await this.#place.tryHold(id, async () => this.#finish(row));
    return finished ?? view(row);
  }

  /**
   * Adds what comes from `offset` on; what has come before a failure is kept. Throws `InputError('not-found' | 'upload-locked' |
   * 'upload-offset' | 'audio-too-large')`, and what `UploadService.receive` throws of a whole upload.
   */
  async append(
    workspaceId: string,
    id: string,
    offset: number,
    content: AsyncIterable<Uint8Array>,
  ): Promise<ResumableUpload> {
    if (!(await this.#find(workspaceId, id))) {
      const done = await this.#complete(workspaceId, id);
      if (offset !== done.bytes) throw new InputError('upload-offset', { received: done.bytes });
      return done;
    }
    return this.#place.hold(id, async (writer) => {
      const row = await this.#find(workspaceId, id);
      if (!row) throw new InputError('not-found');
      if (offset !== row.received) throw new InputError('upload-offset', { received: row.received });
      const added = await this.#store(row, writer, content);
      return added.received === added.length ? this.#finish(added) : view(added);
    });
  }

  /** Gives the upload up. Throws `InputError('not-found' | 'upload-locked')`. */
  async remove(workspaceId: string, id: string): Promise<void> {
    if (!(await this.#find(workspaceId, id))) throw new InputError('not-found');
    await this.#place.hold(id, async () => {
      const row = await this.#find(workspaceId, id);
      if (row) await this.#discard(row);
    });
  }

  async removeExpired(now: Date): Promise<void> {
    for (const row of await this.#parts.records.expired(now)) {
      await this.#place.tryHold(row.id, async () => this.#discard(row));
    }
  }

  async #find(workspaceId: string, id: string): Promise<ResumableUploadRow | undefined> {
    const row = await this.#parts.records.find(workspaceId, id);
    return row && row.expires_at > new Date().toISOString() ? row : undefined;
  }

  /** One that is an upload already. */
  async #complete(workspaceId: string, id: string): Promise<ResumableUpload> {
    const upload = await this.#parts.uploads.find(workspaceId, id);
    if (!upload) throw new InputError('not-found');
    const { name, bytes } = upload;
    return { id, name, bytes, receivedBytes: bytes, expiresAt: null, upload };
  }

  async #store(
    row: ResumableUploadRow,
    writer: string,
    content: AsyncIterable<Uint8Array>,
  ): Promise<ResumableUploadRow> {
    let stored = row;
    let waiting: Uint8Array[] = [];
    let waitingBytes = 0;
    const flush = async () => {
      if (waitingBytes === 0) return;
      stored = await this.#storePart(stored, writer, waiting, waitingBytes);
      [waiting, waitingBytes] = [[], 0];
    };
    const chunks = content[Symbol.asyncIterator]();
    for (;;) {
      const next = await chunks.next().catch(async (cause: unknown) => {
        // The connection broke. What it brought is here, and the next one goes on from there.
        await flush();
        throw new InputError('request-invalid', {}, { cause });
      });
      if (next.done) break;
      const chunk = next.value;
      if (stored.received + waitingBytes + chunk.byteLength > row.length) {
        throw new InputError('audio-too-large', { limit: row.length });
      }
      waiting.push(chunk);
      waitingBytes += chunk.byteLength;
      if (waitingBytes >= partBytes) await flush();
    }
    await flush();
    return stored;
  }

  async #storePart(
    row: ResumableUploadRow,
    writer: string,
    chunks: readonly Uint8Array[],
    bytes: number,
  ): Promise<ResumableUploadRow> {
    const { records, files } = this.#parts;
    const partId = newId('part');
    const key = fileKeys.part(row.workspace_id, partId);
    await files.write(key, iterate(chunks));
    const parts = [...partsOf(row), partId];
    const received = row.received + bytes;
    if (!(await records.advance(row.id, writer, received, parts))) {
      await files.remove(key);
      throw new InputError('upload-locked');
    }
    return { ...row, received, parts: JSON.stringify(parts) };
  }

  /** All is here: an upload like any other, or nothing. */
  async #finish(row: ResumableUploadRow): Promise<ResumableUpload> {
    const { uploads } = this.#parts;
    // A server may have died between the upload's row and the removal of ours.
    if (!(await uploads.find(row.workspace_id, row.id))) {
      try {
        await uploads.receive(row.workspace_id, this.#contentOf(row), row.name, row.id);
      } catch (error) {
        if (error instanceof InputError) await this.#discard(row);
        throw error;
      }
    }
    await this.#discard(row);
    return this.#complete(row.workspace_id, row.id);
  }

  async *#contentOf(row: ResumableUploadRow): AsyncGenerator<Uint8Array> {
    for (const partId of partsOf(row)) {
      yield* (await this.#parts.files.open(fileKeys.part(row.workspace_id, partId))).stream();
    }
  }

  async #discard(row: ResumableUploadRow): Promise<void> {
    const { records, files } = this.#parts;
    await records.remove(row.id);
    await Promise.all(partsOf(row).map((partId) => files.remove(fileKeys.part(row.workspace_id, partId))));
  }
}

async function* iterate(chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* chunks;
}

function partsOf(row: ResumableUploadRow): string[] {
  return JSON.parse(row.parts);
}

function view({ id, name, length, received, expires_at }: ResumableUploadRow): ResumableUpload {
  return { id, name, bytes: length, receivedBytes: received, expiresAt: expires_at, upload: null };
}
