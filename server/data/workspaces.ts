import type { Database } from './database.ts';

/** Tables whose rows belong to one workspace each. The queue looks after its own. */
const ownedTables = [
  'webhook_deliveries',
  'webhook_secrets',
  'resumable_uploads',
  'uploads',
  'voices',
  'batches',
  'jobs',
] as const;

/** Whole workspaces. */
export class WorkspaceRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** No session and no key opens the workspace any more. */
  async close(workspaceId: string): Promise<void> {
    await this.#database.transaction().execute(async (transaction) => {
      for (const table of ['sessions', 'api_keys'] as const) {
        await transaction.deleteFrom(table).where('workspace_id', '=', workspaceId).execute();
      }
    });
  }

  /** Removes all records of the workspace, or none. */
  async removeRecords(workspaceId: string): Promise<void> {
    await this.#database.transaction().execute(async (transaction) => {
      for (const table of ownedTables) {
        await transaction.deleteFrom(table).where('workspace_id', '=', workspaceId).execute();
      }
    });
  }
}
