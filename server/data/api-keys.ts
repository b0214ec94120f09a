import { newId, newToken } from '../ids.ts';
import type { Database } from './database.ts';
import type { ApiKeyRow } from './schema.ts';

/** By this, people and secret scanners recognise a key. */
const keyPrefix = 'giong_';
const shownCharacters = 4;
/** Uses closer together than this are noted once, in milliseconds. */
const usePrecision = 60_000;

export type KeyPriority = ApiKeyRow['priority'];

export interface NewApiKey {
  readonly workspaceId: string;
  readonly name: string;
  readonly priority: KeyPriority;
}

/** Keys that programs open a workspace with. */
export class ApiKeyRepository {
  readonly #database: Database;
  readonly #now: () => Date;

  constructor(database: Database, now = () => new Date()) {
    this.#database = database;
    this.#now = now;
  }

  /** Makes a key. It exists nowhere but in the answer: the database keeps its SHA-256. */
  async create({ workspaceId, name, priority }: NewApiKey): Promise<{ key: string; row: ApiKeyRow }> {
    const key = keyPrefix + newToken();
    const row: ApiKeyRow = {
      id: newId('key'),
      workspace_id: workspaceId,
      name,
      priority,
      key_hash: hash(key),
      key_ending: key.slice(-shownCharacters),
      created_at: this.#now().toISOString(),
      last_used_at: null,
    };
    await this.#database.insertInto('api_keys').values(row).execute();
    return { key, row };
  }

  /** What the key opens, undefined for one that was never made or is revoked. Notes the use. */
  async open(key: string): Promise<ApiKeyRow | undefined> {
    const row = await this.#database
      .selectFrom('api_keys')
      .selectAll()
      .where('key_hash', '=', hash(key))
      .executeTakeFirst();
    if (row) await this.#noteUse(row);
    return row;
  }

  /** Oldest first: of one workspace, or all. */
  async list(workspaceId?: string): Promise<ApiKeyRow[]> {
    let query = this.#database.selectFrom('api_keys').selectAll();
    if (workspaceId !== undefined) query = query.where('workspace_id', '=', workspaceId);
    return query.orderBy('created_at').orderBy('id').execute();
  }

  /** The key opens nothing any more; `workspaceId` names its owner, without it anybody's is revoked. False when there is none. */
  async revoke(id: string, workspaceId?: string): Promise<boolean> {
    let query = this.#database.deleteFrom('api_keys').where('id', '=', id);
    if (workspaceId !== undefined) query = query.where('workspace_id', '=', workspaceId);
    const { numDeletedRows } = await query.executeTakeFirst();
    return numDeletedRows === 1n;
  }

  async #noteUse({ id, last_used_at: last }: ApiKeyRow): Promise<void> {
    const now = this.#now();
    if (last !== null && now.getTime() - Date.parse(last) < usePrecision) return;
    await this.#database
      .updateTable('api_keys')
      .set({ last_used_at: now.toISOString() })
      .where('id', '=', id)
      .execute();
  }
}

function hash(key: string): string {
  return new Bun.CryptoHasher('sha256').update(key).digest('hex');
}
