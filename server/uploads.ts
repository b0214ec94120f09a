import { InputError } from '#core/errors.ts';
import type { UploadRow } from './data/schema.ts';
import type { UploadRepository } from './data/uploads.ts';
import { type FileContent, type FileStore, fileKeys } from './files/store.ts';
import type { Upload } from './http/api-types.ts';
import { newId, requested } from './ids.ts';
import type { StorageQuota } from './storage/quota.ts';
import type { AudioFile, ProbeResult } from './workers/tasks.ts';

/** How many uploads a list shows at most. */
const listLimit = 200;

/** An upload that a request brought, or that it had brought before. */
export interface ReceivedUpload {
  readonly upload: Upload;
  readonly isNew: boolean;
}

/** Takes in recordings: stored while they arrive, then decoded and checked by a worker; what fails leaves nothing. */
export class UploadService {
  readonly #uploads: UploadRepository;
  readonly #files: FileStore;
  readonly #probe: (file: AudioFile) => Promise<ProbeResult>;
  readonly #quota: StorageQuota;

  constructor(
    uploads: UploadRepository,
    files: FileStore,
    probe: (file: AudioFile) => Promise<ProbeResult>,
    quota: StorageQuota,
  ) {
    this.#uploads = uploads;
    this.#files = files;
    this.#probe = probe;
    this.#quota = quota;
  }

  /**
   * `id` is given for an upload that had one before it was whole. Throws `InputError` with a code of the audio,
   * `UnavailableError('storage-full' | 'quota-exceeded')`, and what the content throws.
   */
  async receive(
    workspaceId: string,
    content: AsyncIterable<Uint8Array>,
    name: string,
    id = newId('upload'),
  ): Promise<Upload> {
    return this.#quota.admit(workspaceId, content, (admitted) => this.#store(workspaceId, admitted, name, id));
  }

  /**
   * Takes in a recording that the same request with the same `idempotencyKey` may have brought before. `request`: what tells it from
   * other recordings of that request. Throws as `receive` does.
   */
  async receiveOnce(
    workspaceId: string,
    content: AsyncIterable<Uint8Array>,
    name: string,
    idempotencyKey: string | undefined,
    request: object,
  ): Promise<ReceivedUpload> {
    const { id, earlier } = await requested('upload', workspaceId, idempotencyKey, request, this.#uploads);
    if (!earlier) return { upload: await this.receive(workspaceId, content, name, id), isNew: true };
    // Under an id of its own: should it be another recording after all, the first one stays as it is.
    const upload = await this.receive(workspaceId, content, name);
    const received = await this.#uploads.find(workspaceId, upload.id);
    if (received?.sha256 !== earlier.sha256 || name !== earlier.name) return { upload, isNew: true };
    await this.remove(workspaceId, upload.id);
    return { upload: viewUpload(earlier), isNew: false };
  }

  /** Takes back what a request brought that came to nothing. */
  async discard(workspaceId: string, { upload, isNew }: ReceivedUpload): Promise<void> {
    if (isNew) await this.remove(workspaceId, upload.id);
  }

  /** Throws `UnavailableError('quota-exceeded')` when so many bytes have no room now. */
  async requireRoom(workspaceId: string, bytes: number): Promise<void> {
    await this.#quota.requireRoom(workspaceId, bytes);
  }

  async #store(workspaceId: string, content: AsyncIterable<Uint8Array>, name: string, id: string): Promise<Upload> {
    const key = fileKeys.upload(workspaceId, id);
    const { bytes, sha256 } = await this.#files.write(key, content);
    try {
      const { format, seconds } = await this.#probe({ kind: 'upload', key, sha256 });
      const row: UploadRow = {
        id,
        workspace_id: workspaceId,
        name,
        bytes,
        seconds,
        format,
        sha256,
        created_at: new Date().toISOString(),
      };
      await this.#uploads.insert(row);
      return viewUpload(row);
    } catch (error) {
      await this.#files.remove(key);
      throw error;
    }
  }

  async find(workspaceId: string, id: string): Promise<Upload | undefined> {
    const row = await this.#uploads.find(workspaceId, id);
    return row && viewUpload(row);
  }

  /** The recording as it was sent. Throws `InputError('not-found')`. */
  async open(workspaceId: string, id: string): Promise<{ file: FileContent; name: string }> {
    const upload = await this.find(workspaceId, id);
    if (!upload) throw new InputError('not-found');
    return { file: await this.#files.open(fileKeys.upload(workspaceId, id)), name: upload.name };
  }

  /** Newest first. */
  async list(workspaceId: string): Promise<Upload[]> {
    return (await this.#uploads.list(workspaceId, listLimit)).map(viewUpload);
  }

  async remove(workspaceId: string, id: string): Promise<void> {
    await this.#uploads.remove(workspaceId, id);
    await this.#files.remove(fileKeys.upload(workspaceId, id));
  }
}

function viewUpload({ id, name, bytes, seconds, format }: UploadRow): Upload {
  return { id, name, bytes, seconds, format };
}
