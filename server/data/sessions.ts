import { newId, newToken } from '../ids.ts';
import type { Database } from './database.ts';

/** Anonymous visitors: a cookie's token leads to a workspace. */
export class SessionRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Makes a session with an empty workspace of its own. The token exists nowhere but in the answer. */
  async create(): Promise<{ token: string; workspaceId: string }> {
    const token = newToken();
    const workspaceId = newId('workspace');
    await this.#database
      .insertInto('sessions')
      .values({ token_hash: hash(token), workspace_id: workspaceId, created_at: new Date().toISOString() })
      .execute();
    return { token, workspaceId };
  }

  /** The workspace that the token opens, undefined for a token that was never given out. */
  async workspaceOf(token: string): Promise<string | undefined> {
    const row = await this.#database
      .selectFrom('sessions')
      .select('workspace_id')
      .where('token_hash', '=', hash(token))
      .executeTakeFirst();
    return row?.workspace_id;
  }
}

function hash(token: string): string {
  return new Bun.CryptoHasher('sha256').update(token).digest('hex');
}
