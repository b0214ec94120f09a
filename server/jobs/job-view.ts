import { errorWording } from '#core/error-text.ts';
import { type ErrorCode, type ErrorDetails, errorCodes } from '#core/errors.ts';
import type { JobRow } from '../data/schema.ts';
import type { Job, JobError, JobResult } from '../http/api-types.ts';
import { convertOptionsSchema } from '../http/schemas.ts';
import type { Language } from '../language.ts';
import type { QueueState } from './queue.ts';

const storedOptionsSchema = convertOptionsSchema.omit({ engine: true });

/**
 * A job as the API shows it. `state` is what the queue says of an unfinished job; undefined for the moment between
 * the database's word and the queue's, when the job counts as queued.
 */
export function viewJob(
  row: JobRow,
  state: QueueState | undefined,
  etaSeconds: number | null,
  language: Language,
): Job {
  const unfinished = state ?? { status: 'queued' };
  const active = row.outcome === null && unfinished.status === 'active' ? unfinished : undefined;
  const options = storedOptionsSchema.parse(JSON.parse(row.options));
  return {
    id: row.id,
    status: row.outcome ?? unfinished.status,
    progress: row.outcome === 'done' ? 1 : (active?.progress ?? 0),
    etaSeconds: row.outcome === null ? etaSeconds : null,
    error: viewError(row, language),
    engine: row.engine,
    source: { id: row.source_id, name: row.source_name, seconds: row.source_seconds },
    voice: { id: row.voice_id, name: row.voice_name },
    options,
    ...(row.batch_id !== null && { batchId: row.batch_id }),
    createdAt: row.created_at,
    startedAt: active?.startedAt ?? row.started_at,
    finishedAt: row.finished_at,
    result: viewResult(row, options.format),
    similarity: row.similarity,
    ...(row.result_job_id !== null && { cached: true }),
  };
}

function viewError(row: JobRow, language: Language): JobError | null {
  if (row.outcome !== 'failed') return null;
  const code: ErrorCode = errorCodes.find((known) => known === row.error_code) ?? 'internal';
  const details: ErrorDetails = JSON.parse(row.error_details ?? '{}');
  const { title, advice } = errorWording(code, language, details);
  return { code, title, detail: advice };
}

function viewResult(row: JobRow, format: JobResult['format']): JobResult | null {
  const { result_bytes: bytes, result_seconds: seconds, result_sample_rate: sampleRate } = row;
  if (bytes === null || seconds === null || sampleRate === null) return null;
  const name = `${stem(row.source_name)} - ${stem(row.voice_name)}.${format}`;
  return { name, url: `/api/jobs/${row.id}/result`, bytes, seconds, format, sampleRate };
}

/** A file's name without its ending: `bài hát.tar.wav` → `bài hát.tar`. */
function stem(name: string): string {
  return name.replace(/(?<=.)\.[A-Za-z0-9]{1,5}$/, '');
}
