import { Database } from 'bun:sqlite';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { throwIfCancelled } from '#core/errors.ts';

/** How long to wait before asking again for a lock that another process has, in milliseconds. */
const retryInterval = 250;

/**
 * A lock on a file that holds for all processes that see it. SQLite takes it, through the operating system, which frees it when its
 * holder dies: no lock is ever left behind.
 */
export class FileLock implements Disposable {
  readonly #database: Database;

  private constructor(database: Database) {
    this.#database = database;
  }

  /** Waits until the lock is free and takes it. Throws `CancelledError`. */
  static async take(path: string, signal?: AbortSignal): Promise<FileLock> {
    for (;;) {
      throwIfCancelled(signal);
      const lock = await FileLock.tryTake(path);
      if (lock) return lock;
      await delay(retryInterval, undefined, signal && { signal }).catch(() => throwIfCancelled(signal));
    }
  }

  /** The lock, or undefined while somebody has it. */
  static async tryTake(path: string): Promise<FileLock | undefined> {
    await mkdir(dirname(path), { recursive: true });
    const database = new Database(path);
    try {
      database.run('PRAGMA busy_timeout = 0');
      database.run('BEGIN EXCLUSIVE');
      return new FileLock(database);
    } catch (error) {
      database.close();
      if (error instanceof Error && 'code' in error && error.code === 'SQLITE_BUSY') return undefined;
      throw error;
    }
  }

  [Symbol.dispose](): void {
    this.#database.close();
  }
}
