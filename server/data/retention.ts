import { type Expression, expressionBuilder, type SqlBool } from 'kysely';
import type { Database } from './database.ts';
import type { JobRow, Schema } from './schema.ts';

/** Something of a workspace that is known by its id. */
export interface Owned {
  readonly workspaceId: string;
  readonly id: string;
}

/** A job that is gone. */
export interface RemovedJob extends Owned {
  /** Id of its result's file, which other jobs may have too; null without a result. */
  readonly resultFile: string | null;
}

const removedColumns = ['id', 'workspace_id', 'result_job_id', 'result_file', 'result_bytes'] as const;

/** SQLite takes 32766 parameters in one statement at most. */
const idsPerQuestion = 1000;

/** Removes records, and says which files nothing needs any more. */
export class RetentionRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Removes an upload, unless an unfinished job needs it. */
  async removeUpload(workspaceId: string, id: string): Promise<'removed' | 'in-use' | 'missing'> {
    const mine = { workspace_id: workspaceId, id };
    const { numDeletedRows } = await this.#database
      .deleteFrom('uploads')
      .where((expression) => expression.and(mine))
      .where(isUnused('uploads'))
      .executeTakeFirstOrThrow();
    if (numDeletedRows === 1n) return 'removed';
    const found = await this.#database
      .selectFrom('uploads')
      .select('id')
      .where((expression) => expression.and(mine))
      .executeTakeFirst();
    return found ? 'in-use' : 'missing';
  }

  /** Removes up to `limit` uploads of before that moment that no unfinished job needs. */
  async removeOldUploads(before: string, limit: number): Promise<Owned[]> {
    const rows = await this.#database
      .deleteFrom('uploads')
      .where('id', 'in', ({ selectFrom }) =>
        selectFrom('uploads').select('id').where('created_at', '<', before).where(isUnused('uploads')).limit(limit),
      )
      .returning(['id', 'workspace_id'])
      .execute();
    return rows.map(asOwned);
  }

  /** The same of voices that were sent for conversions alone. */
  async removeOldUnlistedVoices(before: string, limit: number): Promise<Owned[]> {
    const rows = await this.#database
      .deleteFrom('voices')
      .where('id', 'in', ({ selectFrom }) =>
        selectFrom('voices')
          .select('id')
          .where('listed', '=', 0)
          .where('created_at', '<', before)
          .where(isUnused('voices'))
          .limit(limit),
      )
      .returning(['id', 'workspace_id'])
      .execute();
    return rows.map(asOwned);
  }

  /** Removes a job that has ended; undefined when there is none. */
  async removeJob(workspaceId: string, id: string): Promise<RemovedJob | undefined> {
    const row = await this.#database
      .deleteFrom('jobs')
      .where('workspace_id', '=', workspaceId)
      .where('id', '=', id)
      .where('outcome', 'is not', null)
      .returning(removedColumns)
      .executeTakeFirst();
    return row && asRemoved(row);
  }

  /** Removes up to `limit` jobs that ended before that moment. */
  async removeOldJobs(before: string, limit: number): Promise<RemovedJob[]> {
    const rows = await this.#database
      .deleteFrom('jobs')
      .where('id', 'in', ({ selectFrom }) =>
        selectFrom('jobs').select('id').where('finished_at', '<', before).where('outcome', 'is not', null).limit(limit),
      )
      .returning(removedColumns)
      .execute();
    return rows.map(asRemoved);
  }

  /** Removes up to `limit` batches of before that moment whose jobs are all gone. Answers how many. */
  async removeEmptyBatches(before: string, limit: number): Promise<number> {
    const { numDeletedRows } = await this.#database
      .deleteFrom('batches')
      .where('id', 'in', ({ selectFrom, not, exists }) =>
        selectFrom('batches')
          .select('batches.id')
          .where('batches.created_at', '<', before)
          .where(not(exists(selectFrom('jobs').select('jobs.id').whereRef('jobs.batch_id', '=', 'batches.id'))))
          .limit(limit),
      )
      .executeTakeFirstOrThrow();
    return Number(numDeletedRows);
  }

  /** Those ids under which no upload is known. */
  unknownUploads(ids: readonly string[]): Promise<string[]> {
    return unknown(ids, async (some) => {
      const rows = await this.#database.selectFrom('uploads').select('id').where('id', 'in', some).execute();
      return rows.map((row) => row.id);
    });
  }

  /** Those ids under which no voice is known. */
  unknownVoices(ids: readonly string[]): Promise<string[]> {
    return unknown(ids, async (some) => {
      const rows = await this.#database.selectFrom('voices').select('id').where('id', 'in', some).execute();
      return rows.map((row) => row.id);
    });
  }

  /** Those ids of result files that no job has. */
  unneededResults(ids: readonly string[]): Promise<string[]> {
    return unknown(ids, async (some) => {
      const rows = await this.#database
        .selectFrom('jobs')
        .select(['id', 'result_job_id', 'result_file'])
        .where((expression) =>
          expression.or([
            expression('result_file', 'in', some),
            expression('result_job_id', 'in', some),
            expression('id', 'in', some),
          ]),
        )
        .where('result_bytes', 'is not', null)
        .execute();
      return rows.map(resultFileOf);
    });
  }
}

function asOwned({ id, workspace_id: workspaceId }: Pick<JobRow, 'id' | 'workspace_id'>): Owned {
  return { id, workspaceId };
}

function asRemoved(row: Pick<JobRow, (typeof removedColumns)[number]>): RemovedJob {
  const { id, workspace_id: workspaceId } = row;
  return { id, workspaceId, resultFile: row.result_bytes === null ? null : resultFileOf(row) };
}

/** Older versions named the file after the job that made it. */
function resultFileOf(row: Pick<JobRow, 'id' | 'result_job_id' | 'result_file'>): string {
  return row.result_file ?? row.result_job_id ?? row.id;
}

/** Whether no unfinished job needs the upload or voice, as source or as the voice to take on. */
function isUnused(table: 'uploads' | 'voices'): Expression<SqlBool> {
  const { not, exists, selectFrom } = expressionBuilder<Schema, 'uploads' | 'voices'>();
  return not(
    exists(
      selectFrom('jobs')
        .select('jobs.id')
        .whereRef('jobs.workspace_id', '=', `${table}.workspace_id`)
        .where('jobs.outcome', 'is', null)
        .where(({ or, eb, ref }) =>
          or([eb('jobs.source_id', '=', ref(`${table}.id`)), eb('jobs.voice_id', '=', ref(`${table}.id`))]),
        ),
    ),
  );
}

async function unknown(
  ids: readonly string[],
  findKnown: (ids: readonly string[]) => Promise<readonly string[]>,
): Promise<string[]> {
  const known = new Set<string>();
  for (let start = 0; start < ids.length; start += idsPerQuestion) {
    for (const id of await findKnown(ids.slice(start, start + idsPerQuestion))) known.add(id);
  }
  return [...new Set(ids)].filter((id) => !known.has(id));
}
