import type { Database } from './database.ts';
import type { ResumableUploadRow } from './schema.ts';

/** Uploads that arrive in parts, until they are whole. */
export class ResumableUploadRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async insert(row: ResumableUploadRow): Promise<void> {
    await this.#database.insertInto('resumable_uploads').values(row).execute();
  }

  async find(workspaceId: string, id: string): Promise<ResumableUploadRow | undefined> {
    return this.#database
      .selectFrom('resumable_uploads')
      .selectAll()
      .where('workspace_id', '=', workspaceId)
      .where('id', '=', id)
      .executeTakeFirst();
  }

  async count(workspaceId: string): Promise<number> {
    const row = await this.#database
      .selectFrom('resumable_uploads')
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .where('workspace_id', '=', workspaceId)
      .executeTakeFirstOrThrow();
    return Number(row.count);
  }

  /** Makes `writer` the only one that may add parts. False while another is alive. */
  async claim(id: string, writer: string, now: Date, until: Date): Promise<boolean> {
    const result = await this.#database
      .updateTable('resumable_uploads')
      .set({ writer, writer_until: until.toISOString() })
      .where('id', '=', id)
      .where(({ or, eb }) => or([eb('writer', 'is', null), eb('writer_until', '<', now.toISOString())]))
      .executeTakeFirst();
    return result.numUpdatedRows === 1n;
  }

  /** The writer shows that it lives. */
  async renew(id: string, writer: string, until: Date): Promise<void> {
    await this.#update(id, writer, { writer_until: until.toISOString() });
  }

  async release(id: string, writer: string): Promise<void> {
    await this.#update(id, writer, { writer: null, writer_until: null });
  }

  /** What is stored now. False when the writer has lost its place to another: nothing changes then. */
  async advance(id: string, writer: string, received: number, parts: readonly string[]): Promise<boolean> {
    return this.#update(id, writer, { received, parts: JSON.stringify(parts) });
  }

  async remove(id: string): Promise<void> {
    await this.#database.deleteFrom('resumable_uploads').where('id', '=', id).execute();
  }

  /** Of all workspaces. */
  async expired(now: Date): Promise<ResumableUploadRow[]> {
    return this.#database
      .selectFrom('resumable_uploads')
      .selectAll()
      .where('expires_at', '<', now.toISOString())
      .execute();
  }

  async #update(id: string, writer: string, change: Partial<ResumableUploadRow>): Promise<boolean> {
    const result = await this.#database
      .updateTable('resumable_uploads')
      .set(change)
      .where('id', '=', id)
      .where('writer', '=', writer)
      .executeTakeFirst();
    return result.numUpdatedRows === 1n;
  }
}
