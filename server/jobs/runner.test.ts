import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Database, openDatabase } from '../data/database.ts';
import { JobRepository } from '../data/jobs.ts';
import { UploadRepository } from '../data/uploads.ts';
import { VoiceRepository } from '../data/voices.ts';
import { LocalFileStore } from '../files/local.ts';
import { fileKeys } from '../files/store.ts';
import { createLogger } from '../observe/log.ts';
import { Metrics } from '../observe/metrics.ts';
import { paths } from '../paths.ts';
import { Recordings } from '../recordings.ts';
import { SampleCatalogue } from '../samples.ts';
import { Targets } from '../targets.ts';
import type { ConvertHandlers } from '../workers/convert-worker.ts';
import type { FragileSetup } from '../workers/fixtures/fragile-convert-worker.ts';
import { WorkerPool } from '../workers/pool.ts';
import { spawnWorker } from '../workers/worker-client.ts';
import { Pace } from './pace.ts';
import type { QueueEvent } from './queue.ts';
import { JobRunner } from './runner.ts';
import { SqliteQueue } from './sqlite-queue.ts';

const workspaceId = 'w_1';
let folder: string;
let database: Database;
let jobs: JobRepository;
let queue: SqliteQueue;
let files: LocalFileStore;
let stops: (() => unknown)[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'giong-runner-'));
  database = await openDatabase(':memory:');
  jobs = new JobRepository(database);
  queue = new SqliteQueue(database);
  files = new LocalFileStore(folder);
  stops = [];
});
afterEach(async () => {
  for (const stop of stops) await stop();
  await queue.close();
  await database.destroy();
  await rm(folder, { recursive: true });
});

/** Starts a runner with one worker, which its first `deadly` jobs kill. */
async function startRunner(deadly = 0, limitSeconds = 60) {
  const begun = new Int32Array(new SharedArrayBuffer(4));
  const pool = new WorkerPool<ConvertHandlers>(1, () =>
    spawnWorker<FragileSetup>(new URL('../workers/fixtures/fragile-convert-worker.ts', import.meta.url), {
      begun,
      deadly,
    }),
  );
  const samples = await SampleCatalogue.load(paths.samples);
  const recordings = new Recordings(samples, new UploadRepository(database), async () => {
    return { format: 'flac', seconds: 6 };
  });
  const targets = new Targets(recordings, new VoiceRepository(database));
  const metrics = new Metrics(queue, pool);
  const log = createLogger('silent');
  const pace = new Pace(() => pool.size);
  const limitOf = () => limitSeconds;
  const runner = new JobRunner({ queue, jobs, files, recordings, targets, pool, pace, metrics, log, limitOf });
  stops.push(
    () => runner.stop(),
    () => pool.stop(),
  );
  runner.start();
  return { runner, pool, begun };
}

async function submit(id: string, strength: number): Promise<void> {
  await jobs.insertSubmission({
    jobs: [
      {
        id,
        workspace_id: workspaceId,
        priority: 'normal',
        engine: 'mini',
        source_id: 'sample-vietnamese',
        source_name: 'a',
        source_seconds: 6,
        voice_id: 'sample-1688',
        voice_name: 'b',
        options: JSON.stringify({ strength }),
        created_at: new Date().toISOString(),
      },
    ],
  });
  await queue.add({ jobId: id, workspaceId, priority: 'normal', seconds: 6 });
}

/** Resolves when the queue tells of it. */
function heard(type: QueueEvent['type'], jobId: string): Promise<void> {
  return new Promise((resolve) => {
    const unsubscribe = queue.subscribe((event) => {
      if (event.type !== type || event.jobId !== jobId) return;
      unsubscribe();
      resolve();
    });
  });
}

describe('job runner', () => {
  test('brings a job to its end', async () => {
    const finished = heard('finished', 'j_1');
    await startRunner();
    await submit('j_1', 1);
    await finished;
    expect(await jobs.find(workspaceId, 'j_1')).toMatchObject({ outcome: 'done', result_bytes: 4, result_seconds: 1 });
    expect((await queue.states(['j_1'])).size).toBe(0);
  });

  test('tries a job again whose worker died', async () => {
    const finished = heard('finished', 'j_1');
    const { begun } = await startRunner(1);
    await submit('j_1', 1);
    await finished;
    expect(await jobs.find(workspaceId, 'j_1')).toMatchObject({ outcome: 'done' });
    expect(begun[0]).toBe(2);
  });

  test('gives a job up that kills every worker, and goes on with the next', async () => {
    const [first, second] = [heard('finished', 'j_1'), heard('finished', 'j_2')];
    const { begun } = await startRunner(3);
    await submit('j_1', 1);
    await submit('j_2', 1);
    await first;
    expect(await jobs.find(workspaceId, 'j_1')).toMatchObject({ outcome: 'failed', error_code: 'internal' });
    await second;
    expect(await jobs.find(workspaceId, 'j_2')).toMatchObject({ outcome: 'done' });
    expect(begun[0]).toBe(4);
  });

  test('does not try bad input again', async () => {
    const finished = heard('finished', 'j_1');
    const { begun } = await startRunner();
    await submit('j_1', 0);
    await finished;
    expect(await jobs.find(workspaceId, 'j_1')).toMatchObject({ outcome: 'failed', error_code: 'reference-no-speech' });
    expect(begun[0]).toBe(1);
  });

  test('stops a cancelled job, whose ending stays, and goes on with the next', async () => {
    const running = heard('progress', 'j_1');
    const next = heard('finished', 'j_2');
    await startRunner();
    await submit('j_1', 0.5);
    await submit('j_2', 1);
    await running;
    await jobs.finish('j_1', { outcome: 'cancelled' }, null);
    await queue.cancel('j_1');
    await next;
    expect(await jobs.find(workspaceId, 'j_1')).toMatchObject({ outcome: 'cancelled', result_bytes: null });
    expect(await jobs.find(workspaceId, 'j_2')).toMatchObject({ outcome: 'done' });
  });

  test('keeps no result of a job that ended otherwise at the last moment, and leaves the file of the ending that counts', async () => {
    const finished = heard('finished', 'j_1');
    const written = Promise.withResolvers<string>();
    const remove = files.remove.bind(files);
    files.remove = async (key) => {
      await remove(key);
      written.resolve(key);
    };
    const other = fileKeys.result(workspaceId, 'a_other');
    await files.write(other, new Uint8Array(4));
    // Another worker, to which the queue gave the job too, is first; the queue has not told of it yet.
    const taken = heard('progress', 'j_1').then(() =>
      jobs.finish('j_1', { outcome: 'done', file: 'a_other', bytes: 4, seconds: 1, sampleRate: 16000 }, null),
    );
    await startRunner();
    await submit('j_1', 1);
    await Promise.all([taken, finished]);
    expect(await jobs.find(workspaceId, 'j_1')).toMatchObject({ outcome: 'done', result_file: 'a_other' });
    expect(await written.promise).not.toBe(other);
    expect((await files.open(other)).size).toBe(4);
  });

  test('puts a job back in line when the database fails it, and does it once that is back', async () => {
    const finished = heard('finished', 'j_1');
    const find = jobs.find.bind(jobs);
    jobs.find = async () => {
      jobs.find = find;
      throw new Error('connection lost');
    };
    const { begun } = await startRunner();
    await submit('j_1', 1);
    await finished;
    expect(await jobs.find(workspaceId, 'j_1')).toMatchObject({ outcome: 'done' });
    expect(begun[0]).toBe(1);
  });

  test('hands the running job back when it stops, without counting that as an attempt', async () => {
    const running = heard('progress', 'j_1');
    const { runner } = await startRunner();
    await submit('j_1', 0.5);
    await running;
    await runner.stop();
    expect((await jobs.find(workspaceId, 'j_1'))?.outcome).toBeNull();
    expect(await queue.take(new AbortController().signal)).toMatchObject({ jobId: 'j_1', attempt: 1 });
  });

  test('given time to stop, lets the running job end and takes no other', async () => {
    const running = heard('progress', 'j_1');
    const finished = heard('finished', 'j_1');
    const { runner } = await startRunner();
    await submit('j_1', 1);
    await running;
    await submit('j_2', 1);
    await runner.stop(60);
    await finished;
    expect(await jobs.find(workspaceId, 'j_1')).toMatchObject({ outcome: 'done' });
    expect(await queue.states(['j_2'])).toEqual(new Map([['j_2', { status: 'queued' }]]));
  });

  test('hands back what still runs when the time to stop is over', async () => {
    const running = heard('progress', 'j_1');
    const { runner } = await startRunner();
    await submit('j_1', 0.5);
    await running;
    await runner.stop(0.01);
    expect(await queue.take(new AbortController().signal)).toMatchObject({ jobId: 'j_1', attempt: 1 });
  });

  test('fails a job that takes longer than it may, without another attempt', async () => {
    const finished = heard('finished', 'j_1');
    const { begun } = await startRunner(0, 0.5);
    await submit('j_1', 0.5);
    await finished;
    expect(await jobs.find(workspaceId, 'j_1')).toMatchObject({ outcome: 'failed', error_code: 'job-timeout' });
    expect(begun[0]).toBeLessThan(2);
  });

  test('takes as many jobs as there are workers, also when their number changes', async () => {
    const { pool } = await startRunner();
    pool.resize(0);
    await submit('j_1', 0.5);
    await submit('j_2', 0.5);
    expect(await queue.counts()).toMatchObject({ active: 0 });
    const running = [heard('progress', 'j_1'), heard('progress', 'j_2')];
    pool.resize(2);
    await Promise.all(running);
    expect(pool.busy).toBe(2);
    // Shrinking takes the work from nobody: both end by themselves, here by their user's word.
    pool.resize(1);
    expect(await queue.counts()).toMatchObject({ active: 2 });
    const ended = [heard('finished', 'j_1'), heard('finished', 'j_3')];
    await jobs.finish('j_1', { outcome: 'cancelled' }, null);
    await jobs.finish('j_2', { outcome: 'cancelled' }, null);
    await submit('j_3', 1);
    await queue.cancel('j_1');
    await queue.cancel('j_2');
    await Promise.all(ended);
    expect(await jobs.find(workspaceId, 'j_3')).toMatchObject({ outcome: 'done' });
  });

  test('hands a job back that came when the last worker had just gone', async () => {
    const { pool } = await startRunner();
    const unsubscribe = queue.subscribe(({ type }) => {
      if (type === 'active') pool.resize(0);
    });
    const active = heard('active', 'j_1');
    await submit('j_1', 1);
    await active;
    await heard('queued', 'j_1');
    unsubscribe();
    const finished = heard('finished', 'j_1');
    pool.resize(1);
    await finished;
    expect(await jobs.find(workspaceId, 'j_1')).toMatchObject({ outcome: 'done' });
  });

  test('drops what lingers in the queue after its end', async () => {
    await submit('j_1', 1);
    await jobs.finish('j_1', { outcome: 'cancelled' }, null);
    const finished = heard('finished', 'j_1');
    const { begun } = await startRunner();
    await finished;
    expect(begun[0]).toBe(0);
    expect((await queue.states(['j_1'])).size).toBe(0);
  });
});
