import type { Expression, ExpressionBuilder, SqlBool } from 'kysely';
import type { Database } from './database.ts';
import type { JobRow, Schema } from './schema.ts';

/** Something of a workspace that is known by its id. */
export interface Owned {
  readonly workspaceId: string;
  readonly id: string;
}

/** A job that is gone. Its file was stored under the id of the job that made it, which may be another one's. */
export interface RemovedJob extends Owned {
  /** Null without a result. */
  readonly resultId: string | null;
}

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
      .where(isUnused)
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
        selectFrom('uploads').select('id').where('created_at', '<', before).where(isUnused).limit(limit),
      )
      .returning(['id', 'workspace_id'])
      .execute();
    return rows.map(({ id, workspace_id: workspaceId }) => ({ id, workspaceId }));
  }

  /** Removes a job that has ended; undefined when there is none. */
  async removeJob(workspaceId: string, id: string): Promise<RemovedJob | undefined> {
    const row = await this.#database
      .deleteFrom('jobs')
      .where('workspace_id', '=', workspaceId)
      .where('id', '=', id)
      .where('outcome', 'is not', null)
      .returning(['id', 'workspace_id', 'result_job_id', 'result_bytes'])
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
      .returning(['id', 'workspace_id', 'result_job_id', 'result_bytes'])
      .execute();
    return rows.map(asRemoved);
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

  /** Those ids of jobs whose result no job has or will have: neither itself nor one that was done by the same file. */
  unneededResults(ids: readonly string[]): Promise<string[]> {
    return unknown(ids, async (some) => {
      const rows = await this.#database
        .selectFrom('jobs')
        .select(['id', 'result_job_id'])
        .where((expression) => expression.or([expression('id', 'in', some), expression('result_job_id', 'in', some)]))
        .where((expression) =>
          expression.or([expression('outcome', 'is', null), expression('result_bytes', 'is not', null)]),
        )
        .execute();
      return rows.map((row) => row.result_job_id ?? row.id);
    });
  }
}

function asRemoved(row: Pick<JobRow, 'id' | 'workspace_id' | 'result_job_id' | 'result_bytes'>): RemovedJob {
  const { id, workspace_id: workspaceId } = row;
  return { id, workspaceId, resultId: row.result_bytes === null ? null : (row.result_job_id ?? id) };
}

/** Whether no unfinished job needs the upload, as source or as the voice to take on. */
function isUnused({ not, exists, selectFrom }: ExpressionBuilder<Schema, 'uploads'>): Expression<SqlBool> {
  return not(
    exists(
      selectFrom('jobs')
        .select('jobs.id')
        .whereRef('jobs.workspace_id', '=', 'uploads.workspace_id')
        .where('jobs.outcome', 'is', null)
        .where(({ or, eb, ref }) =>
          or([eb('jobs.source_id', '=', ref('uploads.id')), eb('jobs.voice_id', '=', ref('uploads.id'))]),
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
