import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { type Database, openDatabase } from './database.ts';
import { JobRepository } from './jobs.ts';
import type { NewJobRow, UploadRow } from './schema.ts';
import { SessionRepository } from './sessions.ts';
import { UploadRepository } from './uploads.ts';

let database: Database;
beforeEach(async () => {
  database = await openDatabase(':memory:');
});
afterEach(() => database.destroy());

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

describe('sessions', () => {
  test('a token leads to its workspace, an unknown one nowhere, and the database holds no token', async () => {
    const sessions = new SessionRepository(database);
    const [first, second] = [await sessions.create(), await sessions.create()];
    expect(await sessions.workspaceOf(first.token)).toBe(first.workspaceId);
    expect(second.workspaceId).not.toBe(first.workspaceId);
    expect(await sessions.workspaceOf('made-up')).toBeUndefined();
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
    await jobs.insert(job('j_1', 'w_1'));
    expect(await jobs.finish('j_1', { outcome: 'cancelled' }, null)).toBe(true);
    expect(
      await jobs.finish('j_1', { outcome: 'done', file: 'a_1', bytes: 1, seconds: 1, sampleRate: 16000 }, null),
    ).toBe(false);
    expect(await jobs.find('w_1', 'j_1')).toMatchObject({ outcome: 'cancelled', result_bytes: null });
    expect(await jobs.countOutcomes()).toEqual({ done: 0, failed: 0, cancelled: 1 });
  });

  test('a failure keeps its code and details', async () => {
    const jobs = new JobRepository(database);
    await jobs.insert(job('j_1', 'w_1'));
    await jobs.finish('j_1', { outcome: 'failed', code: 'audio-too-long', details: { seconds: 7200 } }, null);
    expect(await jobs.find('w_1', 'j_1')).toMatchObject({
      outcome: 'failed',
      error_code: 'audio-too-long',
      error_details: '{"seconds":7200}',
    });
  });

  test('are seen by their own workspace alone; the unfinished ones come oldest first', async () => {
    const jobs = new JobRepository(database);
    await jobs.insert(job('j_2', 'w_1', '2026-01-02T00:00:00.000Z'));
    await jobs.insert(job('j_1', 'w_1', '2026-01-01T00:00:00.000Z'));
    await jobs.insert(job('j_3', 'w_2', '2026-01-03T00:00:00.000Z'));
    await jobs.insert(job('j_4', 'w_2', '2026-01-04T00:00:00.000Z'));
    await jobs.finish('j_4', { outcome: 'cancelled' }, null);
    const ids = (rows: { id: string }[]) => rows.map((row) => row.id);
    expect(ids(await jobs.list('w_1', 10))).toEqual(['j_2', 'j_1']);
    expect(ids(await jobs.unfinished('w_1'))).toEqual(['j_1', 'j_2']);
    expect(ids(await jobs.unfinished())).toEqual(['j_1', 'j_2', 'j_3']);
    expect(ids(await jobs.current('w_2', '2026-01-01T00:00:00.000Z'))).toEqual(['j_3', 'j_4']);
    expect(ids(await jobs.current('w_2', '9999-01-01T00:00:00.000Z'))).toEqual(['j_3']);
    expect(await jobs.find('w_1', 'j_3')).toBeUndefined();
  });
});
