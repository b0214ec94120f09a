import { type FileHandle, open, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * A file that is still coming: it lies beside its goal as `….part`, survives the end of the process, and gets its goal's name only
 * whole. With it lies a validator (`ETag` or `Last-Modified`), which tells later whether the rest is of the same content.
 */
export class PartFile {
  readonly path: string;
  readonly #goal: string;
  readonly #validatorPath: string;

  constructor(goal: string) {
    this.#goal = goal;
    this.path = `${goal}.part`;
    this.#validatorPath = `${this.path}.validator`;
  }

  /** Bytes that have come so far. */
  async size(): Promise<number> {
    const info = await stat(this.path).catch(() => undefined);
    return info?.size ?? 0;
  }

  async validator(): Promise<string | undefined> {
    const text = await Bun.file(this.#validatorPath)
      .text()
      .catch(() => '');
    return text === '' ? undefined : text;
  }

  /** Keeps the first `bytes` bytes, and what shows later that the rest belongs to them. Returns the file, open at its end. */
  async open(bytes: number, validator: string | undefined): Promise<FileHandle> {
    const file = await open(this.path, 'a');
    if ((await file.stat()).size !== bytes) await file.truncate(bytes);
    // In this order: a validator without its bytes harms nothing, bytes with another's validator would.
    await Bun.write(this.#validatorPath, validator ?? '');
    return file;
  }

  async sha256(): Promise<string> {
    const hasher = new Bun.CryptoHasher('sha256');
    for await (const chunk of Bun.file(this.path).stream()) hasher.update(chunk);
    return hasher.digest('hex');
  }

  /** Gives the file its name, once the disk has all of it. */
  async finish(): Promise<void> {
    await sync(this.path);
    await rename(this.path, this.#goal);
    await rm(this.#validatorPath, { force: true });
    await sync(dirname(this.#goal));
  }

  async discard(): Promise<void> {
    await rm(this.path, { force: true });
    await rm(this.#validatorPath, { force: true });
  }
}

/** Waits until the disk has a file, or a folder's list of names. */
async function sync(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
