import { setTimeout as delay } from 'node:timers/promises';
import { throwIfCancelled, UnavailableError } from '#core/errors.ts';
import { claimFolder } from '../data/claim.ts';

/** How long to wait before asking again for a lock that another process has, in milliseconds. */
const retryInterval = 250;

/** A lock that holds for all processes that see the folder, and is free again when its holder dies. */
export class FolderLock implements Disposable {
  readonly #claim: ReturnType<typeof claimFolder>;

  private constructor(claim: ReturnType<typeof claimFolder>) {
    this.#claim = claim;
  }

  /** Waits until the lock is free and takes it. Throws `CancelledError`. */
  static async take(folder: string, signal?: AbortSignal): Promise<FolderLock> {
    for (;;) {
      throwIfCancelled(signal);
      const lock = FolderLock.tryTake(folder);
      if (lock) return lock;
      await delay(retryInterval, undefined, signal && { signal }).catch(() => throwIfCancelled(signal));
    }
  }

  /** The lock, or undefined while somebody has it. */
  static tryTake(folder: string): FolderLock | undefined {
    try {
      return new FolderLock(claimFolder(folder));
    } catch (error) {
      if (error instanceof UnavailableError) return undefined;
      throw error;
    }
  }

  [Symbol.dispose](): void {
    this.#claim.release();
  }
}
