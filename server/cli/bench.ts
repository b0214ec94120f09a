import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { engineIds } from '#core/engines/registry.ts';
import { parseOptions } from '#core/options.ts';
import { parseConfig } from '../config.ts';
import { createLogger } from '../observe/log.ts';
import { openConvertPool } from '../workers/open-pool.ts';
import type { ConvertTask } from '../workers/tasks.ts';
import { type Capacity, type CapacityStep, describeCapacity, usersOf } from './bench-view.ts';
import { UsageError, type Voice } from './outcome.ts';

interface BenchFlags {
  readonly jobs?: string;
  readonly workers?: string;
}

const defaultJobs = 4;
const mostWorkers = 64;

/**
 * `giong bench`: converts the sample recording for real on 1, 2, 4, … up to all cores and says how many users this machine holds.
 * Throws `UsageError`.
 */
export async function bench(flags: BenchFlags, { language, json }: Voice): Promise<void> {
  const jobsPerWorker = wholeNumber('--jobs', flags.jobs, defaultJobs, 1000);
  const most = wholeNumber('--workers', flags.workers, Math.min(mostWorkers, availableParallelism()), mostWorkers);
  const dataFolder = await mkdtemp(join(tmpdir(), 'giong-bench-'));
  try {
    const steps: CapacityStep[] = [];
    for (const workers of countsUpTo(most)) {
      const step = await measure(workers, jobsPerWorker, dataFolder);
      if (!json) console.error(`${workers}: ${step.jobsPerMinute.toFixed(1)} / min`);
      steps.push(step);
    }
    const best = steps.reduce((a, b) => (b.jobsPerMinute > a.jobsPerMinute ? b : a));
    const capacity: Capacity = { cores: availableParallelism(), steps, best, users: usersOf(best.jobsPerMinute) };
    if (json) console.log(JSON.stringify(capacity));
    else for (const line of describeCapacity(capacity, language)) console.log(line);
  } finally {
    await rm(dataFolder, { recursive: true, force: true });
  }
}

/** One worker count, with its own threads, after each has loaded its engine. */
async function measure(workers: number, jobsPerWorker: number, dataFolder: string): Promise<CapacityStep> {
  const config = { ...parseConfig(process.env), workers };
  const { maxAudioSeconds, voiceCacheBytes, modelCacheBytes } = config;
  const storage = { kind: 'local', folder: dataFolder } as const;
  const setup = { storage, dataFolder, maxAudioSeconds, voiceCacheBytes, modelCacheBytes };
  const pool = openConvertPool(config, setup, createLogger('silent'));
  const [engine = ''] = engineIds;
  const voice = { kind: 'sample', id: 'sample-1688' } as const;
  const taskOf = (job: number): ConvertTask => ({
    jobId: `bench-${job}`,
    source: { kind: 'sample', id: 'sample-english' },
    voice,
    engine,
    options: parseOptions({}),
    format: 'wav',
    resultKey: `bench/results/${job}`,
  });
  try {
    // The first conversion of a thread still compiles its code.
    await Promise.all(Array.from({ length: workers }, (_, job) => pool.run('convert', taskOf(job))));
    const started = performance.now();
    const jobs = workers * jobsPerWorker;
    const results = await Promise.all(Array.from({ length: jobs }, (_, job) => pool.run('convert', taskOf(job))));
    const wallSeconds = (performance.now() - started) / 1000;
    const audioSeconds = results.reduce((total, { seconds }) => total + seconds, 0);
    return {
      workers,
      jobs,
      clipSeconds: audioSeconds / jobs,
      jobsPerMinute: (60 * jobs) / wallSeconds,
      realTimeFactor: (workers * wallSeconds) / audioSeconds,
      memoryBytes: process.memoryUsage.rss(),
    };
  } finally {
    pool.stop();
  }
}

/** 1, 2, 4, … and the number itself. */
function countsUpTo(most: number): number[] {
  const counts: number[] = [];
  for (let count = 1; count < most; count *= 2) counts.push(count);
  return [...counts, most];
}

function wholeNumber(flag: string, text: string | undefined, fallback: number, most: number): number {
  const value = text === undefined ? fallback : Number(text);
  if (!Number.isInteger(value) || value < 1 || value > most) throw new UsageError(flag);
  return value;
}
