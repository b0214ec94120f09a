import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { asStorageError, writeDurably } from './local.ts';
import type { StoredFile } from './store.ts';

/**
 * Writes a file anywhere on this machine, with the folders that it needs: beside the goal first, then renamed, so that what bears the
 * goal's name is whole. Throws `UnavailableError('storage-full')`, and what the system throws.
 */
export async function replaceFile(path: string, content: AsyncIterable<Uint8Array> | Uint8Array): Promise<StoredFile> {
  const partial = `${path}.${process.pid}.part`;
  try {
    await mkdir(dirname(path), { recursive: true });
    const stored = await writeDurably(partial, content);
    await rename(partial, path);
    return stored;
  } catch (error) {
    await rm(partial, { force: true }).catch(() => undefined);
    throw asStorageError(error);
  }
}
