import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { GiongError, InputError, UnavailableError } from '#core/errors.ts';
import { assertKey, type FileContent, type FileStore, type ListedFile, type StoredFile } from './store.ts';

/** A half-written file that has not grown for so long belongs to nobody any more: each write adds to its file far more often. */
const abandonedMilliseconds = 6 * 3600 * 1000;

/** Files in a folder of this machine. A write goes to `tmp/` first and appears under its key by a rename. */
export class LocalFileStore implements FileStore {
  readonly #files: string;
  readonly #temporary: string;

  /** `folder` is made when missing; several processes may use it. */
  constructor(folder: string) {
    this.#files = join(folder, 'files');
    this.#temporary = join(folder, 'tmp');
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

  async open(key: string): Promise<FileContent> {
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

  async *list(folder?: string): AsyncGenerator<ListedFile> {
    if (folder !== undefined) assertKey(folder);
    for await (const { path, changedAt } of filesIn(join(this.#files, folder ?? ''))) {
      yield { key: relative(this.#files, path).replaceAll(sep, '/'), changedAt };
    }
  }

  async removeAll(folder: string): Promise<void> {
    assertKey(folder);
    await rm(join(this.#files, folder), { recursive: true, force: true });
  }

  async clearTemporary(): Promise<void> {
    for await (const { path, changedAt } of filesIn(this.#temporary)) {
      if (Date.now() - changedAt.getTime() > abandonedMilliseconds) await rm(path, { force: true });
    }
  }

  async ping(): Promise<void> {
    await mkdir(this.#files, { recursive: true });
  }
}

/** All files in the folder and its folders. What comes or goes meanwhile may be missing. */
async function* filesIn(folder: string): AsyncGenerator<{ path: string; changedAt: Date }> {
  for (const entry of (await readdir(folder, { withFileTypes: true }).catch(noneIfMissing)) ?? []) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* filesIn(path);
    const info = entry.isFile() ? await stat(path).catch(noneIfMissing) : undefined;
    if (info) yield { path, changedAt: info.mtime };
  }
}

function noneIfMissing(error: unknown): undefined {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return;
  throw error;
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
