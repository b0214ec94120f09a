import { newId, newToken } from '../ids.ts';
import type { Database } from './database.ts';

const dayMilliseconds = 24 * 3600 * 1000;

/** Anonymous visitors: a cookie's token leads to a workspace. */
export class SessionRepository {
  readonly #database: Database;
  readonly #now: () => Date;

  constructor(database: Database, now = () => new Date()) {
    this.#database = database;
    this.#now = now;
  }

  /** Makes a session with an empty workspace of its own. The token exists nowhere but in the answer. */
  async create(): Promise<{ token: string; workspaceId: string }> {
    const token = newToken();
    const workspaceId = newId('workspace');
    const now = this.#now().toISOString();
    await this.#database
      .insertInto('sessions')
      .values({ token_hash: hash(token), workspace_id: workspaceId, created_at: now, used_at: now })
      .execute();
    return { token, workspaceId };
  }

  /** The workspace that the token opens, undefined for a token that was never given out. */
  async workspaceOf(token: string): Promise<string | undefined> {
    const row = await this.#database
      .selectFrom('sessions')
      .select(['workspace_id', 'used_at'])
      .where('token_hash', '=', hash(token))
      .executeTakeFirst();
    if (row) await this.#noteUse(hash(token), row.used_at);
    return row?.workspace_id;
  }

  /** Removes up to `limit` sessions that nobody has used since `before`. Answers how many. */
  async removeUnused(before: string, limit: number): Promise<number> {
    const { numDeletedRows } = await this.#database
      .deleteFrom('sessions')
      .where('token_hash', 'in', ({ selectFrom, fn }) =>
        selectFrom('sessions')
          .select('token_hash')
          .where(fn.coalesce('used_at', 'created_at'), '<', before)
          .limit(limit),
      )
      .executeTakeFirstOrThrow();
    return Number(numDeletedRows);
  }

  /** Once a day is enough: it is asked at every request. */
  async #noteUse(tokenHash: string, usedAt: string | null): Promise<void> {
    const now = this.#now();
    if (usedAt !== null && now.getTime() - Date.parse(usedAt) < dayMilliseconds) return;
    await this.#database
      .updateTable('sessions')
      .set({ used_at: now.toISOString() })
      .where('token_hash', '=', tokenHash)
      .execute();
  }
}

function hash(token: string): string {
  return new Bun.CryptoHasher('sha256').update(token).digest('hex');
}
