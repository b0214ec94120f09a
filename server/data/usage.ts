import type { Database } from './database.ts';
import type { JobRow } from './schema.ts';

export interface Stored {
  readonly count: number;
  readonly bytes: number;
}

/** What a workspace has stored. */
export interface Usage {
  readonly uploads: Stored;
  readonly voices: Stored;
  /** Files of finished jobs; one that serves several jobs counts once. */
  readonly results: Stored;
}

/** What decides how large the result of a job can be. */
export type ComingResult = Pick<JobRow, 'source_seconds' | 'options'>;

/** Counts what workspaces have stored. */
export class UsageRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async of(workspaceId: string): Promise<Usage> {
    const [uploads, voices, results] = await Promise.all([
      this.#stored('uploads', workspaceId),
      this.#stored('voices', workspaceId),
      this.#results(workspaceId),
    ]);
    return { uploads, voices, results };
  }

  /** Of the jobs that have not ended. */
  async comingResults(workspaceId: string): Promise<ComingResult[]> {
    return this.#database
      .selectFrom('jobs')
      .select(['source_seconds', 'options'])
      .where('workspace_id', '=', workspaceId)
      .where('outcome', 'is', null)
      .execute();
  }

  async #stored(table: 'uploads' | 'voices', workspaceId: string): Promise<Stored> {
    return this.#database
      .selectFrom(table)
      .select(({ fn, val }) => [
        fn.countAll<number>().as('count'),
        fn.coalesce(fn.sum<number>('bytes'), val(0)).as('bytes'),
      ])
      .where('workspace_id', '=', workspaceId)
      .executeTakeFirstOrThrow();
  }

  async #results(workspaceId: string): Promise<Stored> {
    return this.#database
      .selectFrom(({ selectFrom }) =>
        selectFrom('jobs')
          .select(({ fn }) => fn.max('result_bytes').as('bytes'))
          .where('workspace_id', '=', workspaceId)
          .where('result_bytes', 'is not', null)
          .groupBy(({ fn }) => fn.coalesce('result_file', 'result_job_id', 'id'))
          .as('files'),
      )
      .select(({ fn, val }) => [
        fn.countAll<number>().as('count'),
        fn.coalesce(fn.sum<number>('bytes'), val(0)).as('bytes'),
      ])
      .executeTakeFirstOrThrow();
  }
}
