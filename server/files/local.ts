import { randomUUID } from 'node:crypto';
import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { GiongError, InputError, UnavailableError } from '#core/errors.ts';
import { assertKey, type FileStore, type StoredFile } from './store.ts';

/** Files in a folder of this machine. A write goes to `tmp/` first and appears under its key by a rename. */
export class LocalFileStore implements FileStore {
  readonly #files: string;
  readonly #temporary: string;

  /** `folder` is made when missing. Only one process clears the folder of half-written files: see `clearTemporary`. */
  constructor(folder: string) {
    this.#files = join(folder, 'files');
    this.#temporary = join(folder, 'tmp');
  }

  /** Removes what a killed process left half written. Call it at start, before any write. */
  async clearTemporary(): Promise<void> {
    await rm(this.#temporary, { recursive: true, force: true });
  }

  async write(key: string, content: AsyncIterable<Uint8Array> | Uint8Array): Promise<StoredFile> {
    assertKey(key);
    const path = join(this.#files, key);
    const temporary = join(this.#temporary, randomUUID());
    try {
      await mkdir(this.#temporary, { recursive: true });
      const stored = await writeDurably(temporary, content);
      await mkdir(dirname(path), { recursive: true });
      await rename(temporary, path);
      return stored;
    } catch (error) {
      await rm(temporary, { force: true });
      throw asStorageError(error);
    }
  }

  async open(key: string): Promise<Blob> {
    assertKey(key);
    const path = join(this.#files, key);
    const info = await stat(path).catch(() => undefined);
    if (!info?.isFile()) throw new InputError('not-found');
    return Bun.file(path);
  }

  async remove(key: string): Promise<void> {
    assertKey(key);
    await rm(join(this.#files, key), { force: true });
  }
}

/** Writes a new file chunk by chunk, hashing as it goes, and waits until the disk has it. */
export async function writeDurably(path: string, content: AsyncIterable<Uint8Array> | Uint8Array): Promise<StoredFile> {
  const hasher = new Bun.CryptoHasher('sha256');
  const file = await open(path, 'w');
  let bytes = 0;
  try {
    for await (const chunk of content instanceof Uint8Array ? [content] : content) {
      hasher.update(chunk);
      await file.writeFile(chunk);
      bytes += chunk.byteLength;
    }
    await file.sync();
  } finally {
    await file.close();
  }
  return { bytes, sha256: hasher.digest('hex') };
}

/** A full disk or quota becomes the typed error; everything else stays what it is. */
export function asStorageError(error: unknown): unknown {
  if (error instanceof GiongError) return error;
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'ENOSPC' || code === 'EDQUOT' ? new UnavailableError('storage-full', {}, { cause: error }) : error;
}
