import type { Database } from './database.ts';
import type { UploadRow } from './schema.ts';

/** Recordings that users have sent. Every question names the workspace, so that nobody reads another's. */
export class UploadRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async insert(upload: UploadRow): Promise<void> {
    await this.#database.insertInto('uploads').values(upload).execute();
  }

  async find(workspaceId: string, id: string): Promise<UploadRow | undefined> {
    return this.#database
      .selectFrom('uploads')
      .selectAll()
      .where('workspace_id', '=', workspaceId)
      .where('id', '=', id)
      .executeTakeFirst();
  }

  async remove(workspaceId: string, id: string): Promise<void> {
    await this.#database.deleteFrom('uploads').where('workspace_id', '=', workspaceId).where('id', '=', id).execute();
  }

  /** Newest first. */
  async list(workspaceId: string, limit: number): Promise<UploadRow[]> {
    return this.#database
      .selectFrom('uploads')
      .selectAll()
      .where('workspace_id', '=', workspaceId)
      .orderBy('created_at', 'desc')
      .orderBy('id', 'desc')
      .limit(limit)
      .execute();
  }
}
