import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { type Database, openDatabase } from './database.ts';
import { JobRepository } from './jobs.ts';
import { LeaseRepository } from './leases.ts';
import { RetentionRepository } from './retention.ts';
import type { NewJobRow, UploadRow, VoiceRow } from './schema.ts';
import { SessionRepository } from './sessions.ts';
import { UploadRepository } from './uploads.ts';
import { UsageRepository } from './usage.ts';
import { VoiceRepository } from './voices.ts';

const upload = (id: string, workspaceId: string, createdAt: string): UploadRow => ({
  id,
  workspace_id: workspaceId,
  name: 'bài hát.wav',
  bytes: 1000,
  seconds: 1.5,
  format: 'wav',
  sha256: 'ab',
  created_at: createdAt,
});

const job = (id: string, workspaceId: string, createdAt = '2026-01-01T00:00:00.000Z'): NewJobRow => ({
  id,
  workspace_id: workspaceId,
  priority: 'normal',
  engine: 'mini',
  source_id: 'u_1',
  source_name: 'a.wav',
  source_seconds: 3,
  voice_id: 'sample-1688',
  voice_name: 'Giọng nam 1',
  options: '{}',
  created_at: createdAt,
});

const voice = (id: string, workspaceId: string): VoiceRow => ({
  id,
  workspace_id: workspaceId,
  name: 'Mai',
  engines: '["mini"]',
  speech_seconds: 12.5,
  quality: null,
  bytes: 300,
  sha256: 'ab',
  consented_at: '2026-01-01T00:00:00.000Z',
  listed: 1,
  created_at: '2026-01-01T00:00:00.000Z',
});

/** What every database must do. `locate` gives the place of an empty one. */
export function describeDatabase(name: string, locate: () => Promise<string>): void {
  describe(name, () => {
    let location: string;
    let database: Database;
    beforeEach(async () => {
      location = await locate();
      database = await openDatabase(location);
    });
    afterEach(() => database.destroy());

    describe('sessions', () => {
      test('a token leads to its workspace, an unknown one nowhere, and the database holds no token', async () => {
        const sessions = new SessionRepository(database);
        const [first, second] = [await sessions.create(), await sessions.create()];
        expect(await sessions.open(first.token)).toEqual({ workspaceId: first.workspaceId });
        expect(second.workspaceId).not.toBe(first.workspaceId);
        expect(await sessions.open('made-up')).toBeUndefined();
        const stored = await database.selectFrom('sessions').selectAll().execute();
        expect(JSON.stringify(stored)).not.toContain(first.token);
      });
    });

    describe('uploads', () => {
      test('are found and listed by their own workspace alone, newest first', async () => {
        const uploads = new UploadRepository(database);
        const older = upload('u_1', 'w_1', '2026-01-01T00:00:00.000Z');
        const newer = upload('u_2', 'w_1', '2026-01-02T00:00:00.000Z');
        await uploads.insert(older);
        await uploads.insert(newer);
        expect(await uploads.find('w_1', 'u_1')).toEqual(older);
        expect(await uploads.find('w_2', 'u_1')).toBeUndefined();
        expect(await uploads.list('w_1', 10)).toEqual([newer, older]);
        expect(await uploads.list('w_1', 1)).toEqual([newer]);
        expect(await uploads.list('w_2', 10)).toEqual([]);
      });
    });

    describe('jobs', () => {
      test('the first ending counts', async () => {
        const jobs = new JobRepository(database);
        await jobs.insertSubmission({ jobs: [job('j_1', 'w_1')] });
        expect(await jobs.finish('j_1', { outcome: 'cancelled' }, null)).toBe(true);
        expect(
          await jobs.finish('j_1', { outcome: 'done', file: 'a_1', bytes: 1, seconds: 1, sampleRate: 16000 }, null),
        ).toBe(false);
        expect(await jobs.find('w_1', 'j_1')).toMatchObject({ outcome: 'cancelled', result_bytes: null });
        expect(await jobs.countOutcomes()).toEqual({ done: 0, failed: 0, cancelled: 1 });
      });

      test('a failure keeps its code and details', async () => {
        const jobs = new JobRepository(database);
        await jobs.insertSubmission({ jobs: [job('j_1', 'w_1')] });
        await jobs.finish('j_1', { outcome: 'failed', code: 'audio-too-long', details: { seconds: 7200 } }, null);
        expect(await jobs.find('w_1', 'j_1')).toMatchObject({
          outcome: 'failed',
          error_code: 'audio-too-long',
          error_details: '{"seconds":7200}',
        });
      });

      test('are seen by their own workspace alone; the unfinished ones come oldest first', async () => {
        const jobs = new JobRepository(database);
        await jobs.insertSubmission({ jobs: [job('j_2', 'w_1', '2026-01-02T00:00:00.000Z')] });
        await jobs.insertSubmission({ jobs: [job('j_1', 'w_1', '2026-01-01T00:00:00.000Z')] });
        await jobs.insertSubmission({ jobs: [job('j_3', 'w_2', '2026-01-03T00:00:00.000Z')] });
        await jobs.insertSubmission({ jobs: [job('j_4', 'w_2', '2026-01-04T00:00:00.000Z')] });
        await jobs.finish('j_4', { outcome: 'cancelled' }, null);
        const ids = (rows: { id: string }[]) => rows.map((row) => row.id);
        expect(ids(await jobs.list('w_1', 10))).toEqual(['j_2', 'j_1']);
        expect(await jobs.unfinishedIds('w_1')).toEqual(['j_1', 'j_2']);
        expect(await jobs.unfinishedIds()).toEqual(['j_1', 'j_2', 'j_3']);
        expect(ids(await jobs.unfinished())).toEqual(['j_1', 'j_2', 'j_3']);
        expect(ids(await jobs.current('w_2', '2026-01-01T00:00:00.000Z'))).toEqual(['j_3', 'j_4']);
        expect(ids(await jobs.current('w_2', '9999-01-01T00:00:00.000Z'))).toEqual(['j_3']);
        expect(await jobs.find('w_1', 'j_3')).toBeUndefined();
      });
    });

    describe('opening', () => {
      test('finds everything again, and several processes may do so at once', async () => {
        await new UploadRepository(database).insert(upload('u_1', 'w_1', '2026-01-01T00:00:00.000Z'));
        const again = await Promise.all([1, 2, 3].map(() => openDatabase(location)));
        for (const other of again) {
          expect(await new UploadRepository(other).find('w_1', 'u_1')).toMatchObject({ bytes: 1000, seconds: 1.5 });
          await other.destroy();
        }
      });

      test('makes the tables once, however many do so at once', async () => {
        const empty = await locate();
        const opened = await Promise.all([1, 2, 3, 4].map(() => openDatabase(empty)));
        for (const other of opened) {
          await new JobRepository(other).ping();
          await other.destroy();
        }
      });
    });

    describe('numbers and texts', () => {
      test('bytes beyond 32 bits come back as the numbers that they were', async () => {
        const uploads = new UploadRepository(database);
        const large = { ...upload('u_1', 'w_1', '2026-01-01T00:00:00.000Z'), bytes: 2 ** 40 + 1 };
        await uploads.insert(large);
        await uploads.insert({ ...large, id: 'u_2' });
        expect(await uploads.find('w_1', 'u_1')).toEqual(large);
        expect((await new UsageRepository(database).of('w_1')).uploads).toEqual({ count: 2, bytes: 2 ** 41 + 2 });
      });

      test('ids of the same moment sort by code points', async () => {
        const uploads = new UploadRepository(database);
        const ids = ['u_B', 'u_a', 'u_-', 'u__', 'u_A', 'u_9'];
        for (const id of ids) await uploads.insert(upload(id, 'w_1', '2026-01-01T00:00:00.000Z'));
        expect((await uploads.list('w_1', 10)).map((row) => row.id)).toEqual(ids.toSorted().reverse());
      });
    });

    describe('voices', () => {
      test('are renamed and removed by their own workspace alone', async () => {
        const voices = new VoiceRepository(database);
        await voices.insert(voice('v_1', 'w_1'));
        expect(await voices.rename('w_2', 'v_1', 'x')).toBe(false);
        expect(await voices.rename('w_1', 'v_1', 'Lan')).toBe(true);
        expect(await voices.find('w_1', 'v_1')).toEqual({ ...voice('v_1', 'w_1'), name: 'Lan' });
        expect(await voices.remove('w_2', 'v_1')).toBe(false);
        expect(await voices.remove('w_1', 'v_1')).toBe(true);
        expect(await voices.list('w_1', 10)).toEqual([]);
      });
    });

    describe('usage', () => {
      test('counts all that a workspace has, and a result that serves several jobs once', async () => {
        const jobs = new JobRepository(database);
        await new UploadRepository(database).insert(upload('u_1', 'w_1', '2026-01-01T00:00:00.000Z'));
        await new VoiceRepository(database).insert(voice('v_1', 'w_1'));
        const done = (file: string) => ({ outcome: 'done', file, bytes: 500, seconds: 1, sampleRate: 16000 }) as const;
        await jobs.insertSubmission({ jobs: [job('j_1', 'w_1')] });
        await jobs.insertSubmission({ jobs: [{ ...job('j_2', 'w_1'), result_job_id: 'j_1' }] });
        await jobs.insertSubmission({ jobs: [job('j_3', 'w_1')] });
        await jobs.insertSubmission({ jobs: [{ ...job('j_4', 'w_1'), source_seconds: 7 }] });
        await jobs.finish('j_1', done('a_1'), null);
        await jobs.finish('j_2', done('a_1'), null);
        await jobs.finish('j_3', done('a_3'), null);
        const usage = new UsageRepository(database);
        expect(await usage.of('w_1')).toEqual({
          uploads: { count: 1, bytes: 1000 },
          voices: { count: 1, bytes: 300 },
          results: { count: 2, bytes: 1000 },
        });
        expect(await usage.comingResults('w_1')).toEqual([{ source_seconds: 7, options: '{}' }]);
        const nothing = { count: 0, bytes: 0 };
        expect(await usage.of('w_2')).toEqual({ uploads: nothing, voices: nothing, results: nothing });
      });
    });

    describe('retention', () => {
      const [old, before, young] = ['2026-01-01T00:00:00.000Z', '2026-02-01T00:00:00.000Z', '2026-03-01T00:00:00.000Z'];

      test('an upload goes when it is old, unless an unfinished job needs it', async () => {
        const uploads = new UploadRepository(database);
        const jobs = new JobRepository(database);
        for (const id of ['u_source', 'u_reference', 'u_old']) await uploads.insert(upload(id, 'w_1', old));
        await uploads.insert(upload('u_young', 'w_1', young));
        await jobs.insertSubmission({
          jobs: [{ ...job('j_1', 'w_1'), source_id: 'u_source', voice_id: 'u_reference' }],
        });
        const retention = new RetentionRepository(database);
        expect(await retention.removeOldUploads(before, 10)).toEqual([{ workspaceId: 'w_1', id: 'u_old' }]);
        expect(await retention.removeUpload('w_1', 'u_source')).toBe('in-use');
        await jobs.finish('j_1', { outcome: 'cancelled' }, null);
        expect(await retention.removeUpload('w_2', 'u_source')).toBe('missing');
        expect(await retention.removeUpload('w_1', 'u_source')).toBe('removed');
        expect(await retention.removeOldUploads(before, 10)).toEqual([{ workspaceId: 'w_1', id: 'u_reference' }]);
        expect((await uploads.list('w_1', 10)).map((row) => row.id)).toEqual(['u_young']);
      });

      test('no more than a batch goes at once', async () => {
        for (const id of ['u_1', 'u_2', 'u_3']) await new UploadRepository(database).insert(upload(id, 'w_1', old));
        const retention = new RetentionRepository(database);
        expect(await retention.removeOldUploads(before, 2)).toHaveLength(2);
        expect(await retention.removeOldUploads(before, 2)).toHaveLength(1);
        expect(await retention.removeOldUploads(before, 2)).toHaveLength(0);
      });

      test('ended jobs go by age, and a result is needed as long as one job has it', async () => {
        const jobs = new JobRepository(database);
        const done = (file: string) => ({ outcome: 'done', file, bytes: 500, seconds: 1, sampleRate: 16000 }) as const;
        await jobs.insertSubmission({ jobs: [job('j_1', 'w_1')] });
        await jobs.insertSubmission({ jobs: [{ ...job('j_2', 'w_1'), result_job_id: 'j_1' }] });
        await jobs.insertSubmission({ jobs: [job('j_running', 'w_1')] });
        await jobs.insertSubmission({ jobs: [job('j_failed', 'w_1')] });
        for (const id of ['j_1', 'j_2']) await jobs.finish(id, done('a_1'), null);
        await jobs.finish('j_failed', { outcome: 'cancelled' }, null);
        await database.updateTable('jobs').set({ finished_at: old }).where('id', '=', 'j_1').execute();
        const retention = new RetentionRepository(database);
        const all = ['a_1', 'a_none'];
        expect(await retention.removeOldJobs(before, 10)).toEqual([
          { workspaceId: 'w_1', id: 'j_1', resultFile: 'a_1' },
        ]);
        expect(await retention.unneededResults(all)).toEqual(['a_none']);
        expect(await retention.removeJob('w_1', 'j_running')).toBeUndefined();
        expect(await retention.removeJob('w_2', 'j_2')).toBeUndefined();
        expect(await retention.removeJob('w_1', 'j_2')).toEqual({ workspaceId: 'w_1', id: 'j_2', resultFile: 'a_1' });
        expect(await retention.unneededResults(all)).toEqual(all);
      });

      test('sessions go when nobody has used them for long', async () => {
        let now = new Date(old);
        const sessions = new SessionRepository(database, () => now);
        const [used, unused] = [await sessions.create(), await sessions.create()];
        now = new Date(young);
        await sessions.open(used.token);
        expect(await sessions.removeUnused(before, 10)).toBe(1);
        expect((await sessions.open(used.token))?.workspaceId).toBe(used.workspaceId);
        expect(await sessions.open(unused.token)).toBeUndefined();
      });
    });

    describe('leases', () => {
      test('one of all who ask at once gets it, and nobody else until it is over', async () => {
        const leases = new LeaseRepository(database);
        const now = new Date('2026-01-01T00:00:00.000Z');
        const answers = await Promise.all([1, 2, 3, 4].map(() => leases.take('cleaning', 60, now)));
        expect(answers.filter(Boolean)).toHaveLength(1);
        expect(await leases.take('other', 60, now)).toBe(true);
        expect(await leases.take('cleaning', 60, new Date(now.getTime() + 59_999))).toBe(false);
        expect(await leases.take('cleaning', 60, new Date(now.getTime() + 60_000))).toBe(true);
      });
    });
  });
}
