import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { isInstalled, needs } from '../../tests/services/programs.ts';
import { redisDeployments } from '../../tests/services/redis-deployments.ts';
import { type Database, openDatabase } from '../data/database.ts';
import { JobRepository } from '../data/jobs.ts';
import type { NewJobRow } from '../data/schema.ts';
import { createLogger } from '../observe/log.ts';
import { parseRedisSettings } from '../redis/settings.ts';
import { BullQueue } from './bull-queue.ts';
import { cancelMany } from './cancel-many.ts';
import type { JobQueue, QueueEvent } from './queue.ts';
import { SqliteQueue } from './sqlite-queue.ts';

let database: Database;
let jobs: JobRepository;
beforeEach(async () => {
  database = await openDatabase(':memory:');
  jobs = new JobRepository(database);
});
afterEach(() => database.destroy());

const rowOf = (id: string): NewJobRow => ({
  id,
  workspace_id: 'w_1',
  priority: 'normal',
  engine: 'mini',
  source_id: 'sample-english',
  source_name: 'a.wav',
  source_seconds: 3,
  voice_id: 'sample-1688',
  voice_name: 'Giọng nam 1',
  options: '{}',
  created_at: '2026-01-01T00:00:00.000Z',
});

async function fill(queue: JobQueue, count: number): Promise<string[]> {
  const ids = Array.from({ length: count }, (_, index) => `j_${index}`);
  for (let start = 0; start < count; start += 500) {
    await jobs.insertSubmission({ jobs: ids.slice(start, start + 500).map(rowOf) });
  }
  for (const jobId of ids) await queue.add({ jobId, workspaceId: 'w_1', priority: 'normal', seconds: 3 });
  return ids;
}

/** Fills the queue, begins one job and cancels the rest, then that one as well. */
async function expectCleared(queue: JobQueue, count: number): Promise<void> {
  const ids = await fill(queue, count);
  const taken = await queue.take(new AbortController().signal);
  const finished = new Set<string>();
  let cancelHeard: string | undefined;
  const all = Promise.withResolvers<void>();
  const hear = ({ type, jobId }: QueueEvent) => {
    if (type === 'cancel') cancelHeard = jobId;
    if (type === 'finished' && finished.add(jobId).size === count) all.resolve();
  };
  queue.subscribe(hear);
  // One that ended meanwhile stays as it ended.
  const ended = ids.at(-1) ?? '';
  await jobs.finish(ended, { outcome: 'failed', code: 'internal', details: {} }, null);
  await queue.finish(ended);

  expect(await cancelMany({ jobs, queue }, ids, { running: false })).toBe(count - 2);
  expect(await jobs.unfinishedIds()).toEqual([taken?.jobId ?? '']);
  expect(await queue.counts()).toMatchObject({ queued: { normal: 0 }, active: 1 });
  expect(await jobs.countOutcomes()).toEqual({ done: 0, failed: 1, cancelled: count - 2 });

  expect(await cancelMany({ jobs, queue }, ids, { running: true })).toBe(1);
  await all.promise;
  expect(cancelHeard).toBe(taken?.jobId);
  expect(await queue.counts()).toMatchObject({ queued: { normal: 0 }, active: 0 });
}

describe('jobs are cancelled in thousands', () => {
  test('on SQLite', async () => {
    const queue = new SqliteQueue(database);
    await expectCleared(queue, 3000);
    await queue.close();
  }, 60_000);

  test.skipIf(!isInstalled('redis-server'))(
    `on Redis${needs('redis-server')}`,
    async () => {
      const deployment = await redisDeployments['one Redis']();
      try {
        const settings = parseRedisSettings(deployment.environment);
        if (!settings) throw new Error('no Redis configured');
        const queue = await BullQueue.open(settings, { log: createLogger('silent') });
        await expectCleared(queue, 2000);
        await queue.close();
      } finally {
        await deployment.stop();
      }
    },
    60_000,
  );
});
