import type { BatchRow } from '../data/schema.ts';
import type { BatchSummary, Job } from '../http/api-types.ts';

/** What a summary needs to know of a job. */
export type JobState = Pick<Job, 'status' | 'progress' | 'etaSeconds' | 'finishedAt'> & { readonly seconds: number };

/** A batch as its jobs make it. */
export function summarize(row: BatchRow, jobs: readonly JobState[]): BatchSummary {
  const counts = { queued: 0, active: 0, done: 0, failed: 0, cancelled: 0 };
  for (const { status } of jobs) counts[status]++;
  const unfinished = jobs.filter(({ finishedAt }) => finishedAt === null);
  const status = statusOf(counts);
  return {
    id: row.id,
    name: row.name,
    status,
    progress: progressOf(jobs),
    etaSeconds: unfinished.length === 0 ? null : longest(unfinished.map((job) => job.etaSeconds)),
    voice: { id: row.voice_id, name: row.voice_name },
    counts,
    createdAt: row.created_at,
    finishedAt: unfinished.length === 0 ? latest(jobs.map((job) => job.finishedAt)) : null,
    resultUrl: counts.done > 0 ? `/api/batches/${row.id}/result` : null,
  };
}

function statusOf({ queued, active, done, failed, cancelled }: BatchSummary['counts']): BatchSummary['status'] {
  if (active > 0 || (queued > 0 && done + failed + cancelled > 0)) return 'active';
  if (queued > 0) return 'queued';
  if (done > 0) return 'done';
  return failed > 0 ? 'failed' : 'cancelled';
}

function progressOf(jobs: readonly JobState[]): number {
  const total = jobs.reduce((sum, job) => sum + job.seconds, 0);
  const finished = jobs.reduce((sum, job) => sum + job.seconds * (job.finishedAt === null ? job.progress : 1), 0);
  return total === 0 ? 0 : Math.min(1, finished / total);
}

function longest(seconds: readonly (number | null)[]): number | null {
  return seconds.some((one) => one === null) ? null : Math.max(...seconds.map(Number));
}

/** ISO times sort as text. */
function latest(times: readonly (string | null)[]): string | null {
  return (
    times
      .filter((time) => time !== null)
      .toSorted()
      .at(-1) ?? null
  );
}
