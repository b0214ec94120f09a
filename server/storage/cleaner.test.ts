import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { mkdtemp, rm, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BatchRepository } from '../data/batches.ts';
import { type Database, openDatabase } from '../data/database.ts';
import { JobRepository } from '../data/jobs.ts';
import { LeaseRepository } from '../data/leases.ts';
import { RetentionRepository } from '../data/retention.ts';
import type { NewJobRow } from '../data/schema.ts';
import { SessionRepository } from '../data/sessions.ts';
import { UploadRepository } from '../data/uploads.ts';
import { VoiceRepository } from '../data/voices.ts';
import { LocalFileStore } from '../files/local.ts';
import { fileKeys } from '../files/store.ts';
import { createLogger } from '../observe/log.ts';
import { Cleaner } from './cleaner.ts';

const workspaceId = 'w_1';
const dayMilliseconds = 24 * 3600 * 1000;
const start = new Date('2026-06-01T00:00:00.000Z');

let folder: string;
let database: Database;
let files: LocalFileStore;
let now: Date;
let counted: Record<string, number>;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'giong-cleaner-'));
  database = await openDatabase(':memory:');
  files = new LocalFileStore(folder);
  now = start;
  counted = {};
});
afterEach(async () => {
  await database.destroy();
  await rm(folder, { recursive: true });
});

const daysAgo = (days: number) => new Date(start.getTime() - days * dayMilliseconds);

function createCleaner(keepDays = 30): Cleaner {
  return new Cleaner({
    retention: new RetentionRepository(database),
    sessions: new SessionRepository(database, () => now),
    leases: new LeaseRepository(database),
    files,
    metrics: {
      countCleaned(kind, count) {
        counted[kind] = (counted[kind] ?? 0) + count;
      },
    },
    log: createLogger('silent'),
    keepDays,
    now: () => now,
  });
}

/** Stores a file as of that day. */
async function store(key: string, days: number): Promise<void> {
  await files.write(key, new TextEncoder().encode('x'));
  await utimes(join(folder, 'files', key), daysAgo(days), daysAgo(days));
}

async function addUpload(id: string, days: number): Promise<void> {
  await store(fileKeys.upload(workspaceId, id), days);
  const about = { name: 'a', bytes: 1, seconds: 1, format: 'wav', sha256: 'ab' };
  const created_at = daysAgo(days).toISOString();
  await new UploadRepository(database).insert({ id, workspace_id: workspaceId, ...about, created_at });
}

async function addVoice(id: string, days: number, listed: 0 | 1): Promise<void> {
  await store(fileKeys.voice(workspaceId, id), days);
  const about = { name: 'a', engines: '["mini"]', speech_seconds: 9, quality: null, bytes: 1, sha256: 'ab', listed };
  const created_at = daysAgo(days).toISOString();
  const row = { id, workspace_id: workspaceId, ...about, consented_at: created_at, created_at };
  await new VoiceRepository(database).insert(row);
}

/** A job that was done that day, with its result; without `days` one that has not ended. */
async function addJob(id: string, days: number | undefined, about: Partial<NewJobRow> = {}): Promise<void> {
  const jobs = new JobRepository(database);
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
        options: '{}',
        created_at: daysAgo(days ?? 100).toISOString(),
        ...about,
      },
    ],
  });
  if (days === undefined) return;
  const file = (about.result_job_id ?? id).replace('j_', 'a_');
  await jobs.finish(id, { outcome: 'done', file, bytes: 1, seconds: 1, sampleRate: 16_000 }, null);
  const finished_at = daysAgo(days).toISOString();
  await database.updateTable('jobs').set({ finished_at }).where('id', '=', id).execute();
  if (!about.result_job_id) await store(fileKeys.result(workspaceId, file), days);
}

const keptFiles = async () => (await Array.fromAsync(files.list())).map(({ key }) => key).toSorted();
const keptJobs = async () => (await new JobRepository(database).list(workspaceId, 100)).map(({ id }) => id).toSorted();

describe('cleaning by age', () => {
  test('takes old uploads and ended jobs with their files, counts them, and leaves the young ones', async () => {
    await addUpload('u_old', 31);
    await addUpload('u_young', 29);
    await addJob('j_old', 31);
    await addJob('j_young', 29);
    expect(await createCleaner().cleanNow()).toEqual({
      jobs: 1,
      results: 1,
      batches: 0,
      uploads: 1,
      voices: 0,
      sessions: 0,
      orphans: 0,
    });
    expect(counted).toEqual({
      jobs: 1,
      results: 1,
      batches: 0,
      uploads: 1,
      voices: 0,
      sessions: 0,
      orphans: 0,
    });
    expect(await keptFiles()).toEqual(['w_1/results/a_young', 'w_1/uploads/u_young']);
    expect(await keptJobs()).toEqual(['j_young']);
  });

  test('takes old voices that were sent for conversions alone, and none of the user’s list', async () => {
    await addVoice('v_listed', 31, 1);
    await addVoice('v_old', 31, 0);
    await addVoice('v_needed', 31, 0);
    await addVoice('v_young', 29, 0);
    await addJob('j_waiting', undefined, { voice_id: 'v_needed' });
    expect(await createCleaner().cleanNow()).toMatchObject({ voices: 1 });
    expect(await keptFiles()).toEqual(['w_1/voices/v_listed', 'w_1/voices/v_needed', 'w_1/voices/v_young']);
    const listed = await new VoiceRepository(database).list(workspaceId, 10);
    expect(listed.map(({ id }) => id)).toEqual(['v_listed']);
  });

  test('never takes what an unfinished job needs, however old, nor the job', async () => {
    await addUpload('u_source', 90);
    await addUpload('u_reference', 90);
    await addJob('j_waiting', undefined, { source_id: 'u_source', voice_id: 'u_reference' });
    // Its worker has just stored the result, and the database has not heard of it yet.
    await store(fileKeys.result(workspaceId, 'a_waiting'), 0);
    const all = await keptFiles();
    await createCleaner().cleanNow();
    expect(await keptFiles()).toEqual(all);
    expect(await keptJobs()).toEqual(['j_waiting']);
  });

  test('a result stays as long as a young job has the same', async () => {
    await addJob('j_first', 60);
    await addJob('j_again', 5, { result_job_id: 'j_first' });
    expect(await createCleaner().cleanNow()).toMatchObject({ jobs: 1, results: 0 });
    expect(await keptFiles()).toEqual(['w_1/results/a_first']);
    now = new Date(start.getTime() + 40 * dayMilliseconds);
    expect(await createCleaner().cleanNow()).toMatchObject({ jobs: 1, results: 1 });
    expect(await keptFiles()).toEqual([]);
  });

  test('goes through more than one batch', async () => {
    for (let index = 0; index < 205; index++) await addUpload(`u_${index}`, 40);
    expect(await createCleaner().cleanNow()).toMatchObject({ uploads: 205 });
    expect(await keptFiles()).toEqual([]);
  });

  test('takes nothing for its age when all is kept for ever', async () => {
    await addUpload('u_old', 9999);
    await addJob('j_old', 9999);
    expect(await createCleaner(0).cleanNow()).toMatchObject({ jobs: 0, uploads: 0 });
    expect(await keptFiles()).toHaveLength(2);
  });

  test('knows results that older versions named after their job', async () => {
    await addJob('j_1', 5, { result_job_id: 'j_0' });
    await database.updateTable('jobs').set({ result_file: null }).execute();
    await store(fileKeys.result(workspaceId, 'j_0'), 5);
    expect(await createCleaner().cleanNow()).toMatchObject({ orphans: 0 });
    now = new Date(start.getTime() + 40 * dayMilliseconds);
    expect(await createCleaner().cleanNow()).toMatchObject({ jobs: 1, results: 1 });
    expect(await keptFiles()).toEqual([]);
  });

  test('takes batches whose jobs are all gone', async () => {
    const batches = new BatchRepository(database);
    const about = { workspace_id: workspaceId, name: 'a', voice_id: 'v_1', voice_name: 'b' };
    for (const [id, days] of [
      ['b_old', 31],
      ['b_kept', 31],
      ['b_young', 1],
    ] as const) {
      await database
        .insertInto('batches')
        .values({ id, ...about, created_at: daysAgo(days).toISOString() })
        .execute();
    }
    await addJob('j_1', 31, { batch_id: 'b_old', batch_position: 0 });
    await addJob('j_2', 29, { batch_id: 'b_kept', batch_position: 0 });
    expect(await createCleaner().cleanNow()).toMatchObject({ jobs: 1, batches: 1 });
    expect((await batches.list(workspaceId, 10)).map(({ id }) => id).toSorted()).toEqual(['b_kept', 'b_young']);
  });

  test('takes sessions that nobody has used for a year', async () => {
    now = daysAgo(400);
    const sessions = new SessionRepository(database, () => now);
    const [unused, used] = [await sessions.create(), await sessions.create()];
    now = daysAgo(300);
    const { successor = '' } = (await sessions.open(used.token)) ?? {};
    await sessions.open(successor);
    now = start;
    expect(await createCleaner().cleanNow()).toMatchObject({ sessions: 1 });
    expect(await sessions.open(unused.token)).toBeUndefined();
    expect((await sessions.open(successor))?.workspaceId).toBe(used.workspaceId);
  });
});

describe('cleaning of files without a record', () => {
  test('takes those of a day and more that are of a known kind', async () => {
    const kinds = ['uploads/u_1', 'voices/v_1', 'results/a_1', 'references/r_1', 'parts/p_1'];
    const orphans = kinds.map((kind) => `${workspaceId}/${kind}`);
    for (const key of orphans) await store(key, 2);
    await store('w_1/uploads/u_arriving', 0.5);
    await store('w_1/something/else', 90);
    await store('w_1/uploads/u_9/part', 90);
    await addUpload('u_known', 2);
    await addJob('j_known', 2);
    expect(await createCleaner().cleanNow()).toMatchObject({ orphans: orphans.length });
    expect(await keptFiles()).toEqual([
      'w_1/results/a_known',
      'w_1/something/else',
      'w_1/uploads/u_9/part',
      'w_1/uploads/u_arriving',
      'w_1/uploads/u_known',
    ]);
  });
});

describe('several processes', () => {
  test('one of them cleans, once an hour', async () => {
    const [one, other] = [createCleaner(), createCleaner()];
    const rounds = await Promise.all([one.cleanNow(), other.cleanNow()]);
    expect(rounds.filter((round) => round !== undefined)).toHaveLength(1);
    now = new Date(start.getTime() + 30 * 60 * 1000);
    expect(await other.cleanNow()).toBeUndefined();
    now = new Date(start.getTime() + 60 * 60 * 1000);
    expect(await other.cleanNow()).toBeDefined();
  });

  test('a started one begins at once, and stops', async () => {
    await addUpload('u_old', 31);
    const cleaner = createCleaner();
    cleaner.start();
    await cleaner.stop();
    expect(await createCleaner().cleanNow()).toBeUndefined();
  });
});
