import pg from 'pg';
import { UnavailableError } from '#core/errors.ts';
import type { Logger } from '../observe/log.ts';

/** The advisory lock of whoever has a PostgreSQL to itself: any number that nobody else of the database's users takes. */
const lockNumber = 7_104_105;
const connectMilliseconds = 5000;
const retryMilliseconds = 2000;

/**
 * Takes the PostgreSQL for this process alone, as `claimFolder` does a folder: without Redis each process has a queue of its own, and
 * two would convert the same jobs. The server lets go of the lock with the connection; when that breaks, the lock is taken again.
 * Throws `UnavailableError('data-in-use')`, and `'storage-unavailable'` when PostgreSQL can't be reached.
 */
export async function claimDatabase(url: string, log: Logger): Promise<{ release(): Promise<void> }> {
  let client = await lockedClient(url);
  let isReleased = false;
  const watch = () => {
    client.on('error', () => {});
    client.once('end', () => void (isReleased || reclaim()));
  };
  const reclaim = async () => {
    while (!isReleased) {
      try {
        client = await lockedClient(url);
        return watch();
      } catch (error) {
        log.error({ err: error }, 'the database could not be claimed again');
        await Bun.sleep(retryMilliseconds);
      }
    }
  };
  watch();
  return {
    async release() {
      isReleased = true;
      await client.end();
    },
  };
}

/** Whether a process without Redis has the database now. Throws what the database throws. */
export async function isDatabaseClaimed(url: string): Promise<boolean> {
  try {
    await (await lockedClient(url)).end();
    return false;
  } catch (error) {
    if (error instanceof UnavailableError && error.code === 'data-in-use') return true;
    throw error;
  }
}

async function lockedClient(url: string): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: url,
    application_name: 'giong-claim',
    keepAlive: true,
    connectionTimeoutMillis: connectMilliseconds,
    query_timeout: connectMilliseconds,
  });
  try {
    await client.connect();
    const { rows } = await client.query('SELECT pg_try_advisory_lock($1) AS taken', [lockNumber]);
    if (rows[0]?.taken === true) return client;
  } catch (cause) {
    throw new UnavailableError('storage-unavailable', {}, { cause });
  }
  await client.end();
  throw new UnavailableError('data-in-use', { name: URL.parse(url)?.host ?? 'PostgreSQL' });
}
