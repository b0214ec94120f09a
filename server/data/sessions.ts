import { newId, newToken } from '../ids.ts';
import type { Database } from './database.ts';
import type { SessionRow } from './schema.ts';

const minute = 60_000;
const day = 24 * 60 * minute;

/** How long a token opens its workspace, in milliseconds. It is renewed long before by whoever comes now and then. */
export const sessionLifetime = 365 * day;
/** From this age on, the next use gives out a successor. */
const renewalAge = 7 * day;
/** When nobody has come with the successor, another is given out after so long: the answer that carried it may be lost. */
const renewalPause = minute;
/** A successor that nobody ever uses is forgotten after so long. */
const unusedLifetime = day;
/** How long the old token lives on after the first use of its successor: requests sent together arrive in any order. */
const grace = minute;

/** What a token leads to. */
export interface OpenedSession {
  readonly workspaceId: string;
  /** The token to use from now on; the old one goes on until that has happened. */
  readonly successor?: string;
}

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
    const workspaceId = newId('workspace');
    return { token: await this.#insert(workspaceId, sessionLifetime, null), workspaceId };
  }

  /** Undefined for a token that was never given out or has ended. One that is old brings a successor. */
  async open(token: string): Promise<OpenedSession | undefined> {
    const row = await this.#find(token);
    if (!row) return undefined;
    const { workspace_id: workspaceId } = row;
    await this.#noteUse(row);
    if (row.replaces !== null) {
      await this.#confirm(row.token_hash, row.replaces);
    } else if (await this.#beginRenewal(row)) {
      return { workspaceId, successor: await this.#insert(workspaceId, unusedLifetime, row.token_hash) };
    }
    return { workspaceId };
  }

  /** Whether the token opens anything now. */
  async isOpen(token: string): Promise<boolean> {
    return (await this.#find(token)) !== undefined;
  }

  /** Ends the session: its token opens nothing any more, nor do those before and after it. */
  async forget(token: string): Promise<void> {
    await this.#database
      .deleteFrom('sessions')
      .where('workspace_id', 'in', ({ selectFrom }) =>
        selectFrom('sessions').select('workspace_id').where('token_hash', '=', hash(token)),
      )
      .execute();
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
  async #noteUse({ token_hash: tokenHash, used_at: usedAt }: SessionRow): Promise<void> {
    if (usedAt !== null && usedAt > this.#after(-day)) return;
    await this.#database
      .updateTable('sessions')
      .set({ used_at: this.#after(0) })
      .where('token_hash', '=', tokenHash)
      .execute();
  }

  async #find(token: string): Promise<SessionRow | undefined> {
    return this.#database
      .selectFrom('sessions')
      .selectAll()
      .where('token_hash', '=', hash(token))
      .where(({ or, eb }) => or([eb('expires_at', 'is', null), eb('expires_at', '>', this.#after(0))]))
      .executeTakeFirst();
  }

  async #insert(workspaceId: string, lifetime: number, replaces: string | null): Promise<string> {
    const token = newToken();
    const row: SessionRow = {
      token_hash: hash(token),
      workspace_id: workspaceId,
      created_at: this.#after(0),
      used_at: this.#after(0),
      expires_at: this.#after(lifetime),
      renewed_at: null,
      replaces,
    };
    await this.#database.insertInto('sessions').values(row).execute();
    return token;
  }

  /** Whether it is this request that brings the successor: of several at once one does. */
  async #beginRenewal(row: SessionRow): Promise<boolean> {
    const isEnding = row.expires_at !== null && row.expires_at <= this.#after(grace);
    const isWaiting = row.renewed_at !== null && row.renewed_at > this.#after(-renewalPause);
    if (isEnding || isWaiting || row.created_at > this.#after(-renewalAge)) return false;
    const { numUpdatedRows } = await this.#database
      .updateTable('sessions')
      .set({ renewed_at: this.#after(0) })
      .where('token_hash', '=', row.token_hash)
      .where('renewed_at', row.renewed_at === null ? 'is' : '=', row.renewed_at)
      .executeTakeFirst();
    return numUpdatedRows === 1n;
  }

  /** The successor has reached its owner: now the old token may end. */
  async #confirm(tokenHash: string, replaced: string): Promise<void> {
    const end = this.#after(grace);
    await this.#database
      .updateTable('sessions')
      .set({ expires_at: end })
      .where('token_hash', '=', replaced)
      .where(({ or, eb }) => or([eb('expires_at', 'is', null), eb('expires_at', '>', end)]))
      .execute();
    await this.#database
      .updateTable('sessions')
      .set({ replaces: null, expires_at: this.#after(sessionLifetime) })
      .where('token_hash', '=', tokenHash)
      .execute();
  }

  /** The time so many milliseconds from now. */
  #after(milliseconds: number): string {
    return new Date(this.#now().getTime() + milliseconds).toISOString();
  }
}

function hash(token: string): string {
  return new Bun.CryptoHasher('sha256').update(token).digest('hex');
}
