import { Database as SqliteDatabase } from 'bun:sqlite';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { UnavailableError } from '#core/errors.ts';

/** The claims of this process: one that nobody refers to would be let go with the next collection of garbage. */
const held = new Set<SqliteDatabase>();

/**
 * Takes the data folder for this process alone, until `release` or the end of the process, however that comes: the lock is
 * SQLite's on an empty file, which the system lets go with the process. Without Redis a queue has room for one process only.
 * Throws `UnavailableError('data-in-use')`.
 */
export function claimFolder(folder: string): { release(): void } {
  mkdirSync(folder, { recursive: true });
  const lock = new SqliteDatabase(join(folder, 'giong.lock'), { create: true, readwrite: true });
  try {
    // Nothing is ever written: no journal beside it. This fails too while another process has the lock.
    lock.run('PRAGMA journal_mode = MEMORY');
    lock.run('BEGIN EXCLUSIVE');
  } catch (cause) {
    lock.close();
    throw new UnavailableError('data-in-use', { name: folder }, { cause });
  }
  held.add(lock);
  return {
    release() {
      held.delete(lock);
      lock.close();
    },
  };
}
