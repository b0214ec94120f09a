import type { SystemStats } from '../http/api-types.ts';

/** When a job was asked for, begun and done. */
export interface JobTimes {
  readonly createdAt: string;
  readonly startedAt: string;
  readonly finishedAt: string;
}

/** How long jobs waited and were worked on, in seconds; null where there were none. */
export function latencyOf(jobs: readonly JobTimes[]): SystemStats['latency'] {
  return {
    jobs: jobs.length,
    wait: percentiles(jobs.map(({ createdAt, startedAt }) => secondsBetween(createdAt, startedAt))),
    work: percentiles(jobs.map(({ startedAt, finishedAt }) => secondsBetween(startedAt, finishedAt))),
  };
}

/** Nearest rank: the smallest value that so many percent do not exceed. */
function percentiles(values: readonly number[]): SystemStats['latency']['wait'] {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.ceil(share * sorted.length) - 1];
  const [p50, p95] = [at(0.5), at(0.95)];
  return p50 === undefined || p95 === undefined ? null : { p50, p95 };
}

/** Clocks of several hosts may differ: never less than none. */
function secondsBetween(from: string, to: string): number {
  return Math.max(0, (Date.parse(to) - Date.parse(from)) / 1000);
}
