import type { Database } from './database.ts';
import type { VoiceRow } from './schema.ts';

/** Voices that users have saved. Every question names the workspace, so that nobody reads another's. */
export class VoiceRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async insert(voice: VoiceRow): Promise<void> {
    await this.#database.insertInto('voices').values(voice).execute();
  }

  async find(workspaceId: string, id: string): Promise<VoiceRow | undefined> {
    return this.#database
      .selectFrom('voices')
      .selectAll()
      .where('workspace_id', '=', workspaceId)
      .where('id', '=', id)
      .executeTakeFirst();
  }

  /** Those of the user's list, newest first. */
  async list(workspaceId: string, limit: number): Promise<VoiceRow[]> {
    return this.#database
      .selectFrom('voices')
      .selectAll()
      .where('workspace_id', '=', workspaceId)
      .where('listed', '=', 1)
      .orderBy('created_at', 'desc')
      .orderBy('id', 'desc')
      .limit(limit)
      .execute();
  }

  /** False when the workspace has no such voice. */
  async rename(workspaceId: string, id: string, name: string): Promise<boolean> {
    const result = await this.#database
      .updateTable('voices')
      .set({ name })
      .where('workspace_id', '=', workspaceId)
      .where('id', '=', id)
      .executeTakeFirst();
    return result.numUpdatedRows === 1n;
  }

  /** False when the workspace has no such voice. */
  async remove(workspaceId: string, id: string): Promise<boolean> {
    const result = await this.#database
      .deleteFrom('voices')
      .where('workspace_id', '=', workspaceId)
      .where('id', '=', id)
      .executeTakeFirst();
    return result.numDeletedRows === 1n;
  }
}
