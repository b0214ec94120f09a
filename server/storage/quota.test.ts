import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { type Database, openDatabase } from '../data/database.ts';
import { JobRepository } from '../data/jobs.ts';
import { UploadRepository } from '../data/uploads.ts';
import { type ComingResult, UsageRepository } from '../data/usage.ts';
import { StorageQuota } from './quota.ts';

const workspaceId = 'w_1';
let database: Database;
beforeEach(async () => {
  database = await openDatabase(':memory:');
});
afterEach(() => database.destroy());

const quotaOf = (limit: number) => new StorageQuota(new UsageRepository(database), limit);

/** Reads the content and makes a record of it, as an upload does. */
function storeAs(id: string) {
  return async (content: AsyncIterable<Uint8Array>): Promise<number> => {
    let bytes = 0;
    for await (const chunk of content) bytes += chunk.byteLength;
    const created_at = '2026-01-01T00:00:00.000Z';
    const about = { name: 'a', seconds: 1, format: 'wav', sha256: 'ab', created_at };
    await new UploadRepository(database).insert({ id, workspace_id: workspaceId, bytes, ...about });
    return bytes;
  };
}

async function* bytes(count: number, read?: () => void): AsyncGenerator<Uint8Array> {
  for (let index = 0; index < count; index += 10) {
    read?.();
    yield new Uint8Array(10);
  }
}

async function insertJob(id: string, about: ComingResult): Promise<void> {
  await new JobRepository(database).insertSubmission({
    jobs: [
      {
        id,
        workspace_id: workspaceId,
        priority: 'normal',
        engine: 'mini',
        source_id: 'u_1',
        source_name: 'a',
        voice_id: 'v_1',
        voice_name: 'b',
        created_at: '2026-01-01T00:00:00.000Z',
        ...about,
      },
    ],
  });
}

describe('storage quota', () => {
  test('lets in what just fits, and says how much is used when it refuses', async () => {
    const quota = quotaOf(100);
    expect(await quota.admit(workspaceId, bytes(60), storeAs('u_1'))).toBe(60);
    expect(await quota.admit(workspaceId, bytes(40), storeAs('u_2'))).toBe(40);
    await expect(quota.admit(workspaceId, bytes(10), storeAs('u_3'))).rejects.toMatchObject({
      name: 'UnavailableError',
      code: 'quota-exceeded',
      details: { used: 100, limit: 100 },
    });
  });

  test('reads no more than has room', async () => {
    let chunksRead = 0;
    const content = bytes(1000, () => chunksRead++);
    await expect(quotaOf(55).admit(workspaceId, content, storeAs('u_1'))).rejects.toThrow('quota-exceeded');
    expect(chunksRead).toBe(6);
  });

  test('counts what arrives at the same time', async () => {
    const quota = quotaOf(100);
    const outcomes = await Promise.allSettled(
      ['u_1', 'u_2', 'u_3'].map((id) => quota.admit(workspaceId, bytes(50), storeAs(id))),
    );
    expect(outcomes.filter(({ status }) => status === 'fulfilled').length).toBeLessThanOrEqual(2);
    const { uploads } = await new UsageRepository(database).of(workspaceId);
    expect(uploads.bytes).toBeLessThanOrEqual(100);
  });

  test('forgets what arrived and failed', async () => {
    const quota = quotaOf(100);
    await expect(quota.admit(workspaceId, bytes(200), storeAs('u_1'))).rejects.toThrow('quota-exceeded');
    expect(await quota.admit(workspaceId, bytes(100), storeAs('u_2'))).toBe(100);
  });

  test('each workspace has its own, and 0 lifts it', async () => {
    const quota = quotaOf(100);
    await quota.admit(workspaceId, bytes(100), storeAs('u_1'));
    expect(await quota.admit('w_2', bytes(100), storeAs('u_2'))).toBe(100);
    expect(await quotaOf(0).admit(workspaceId, bytes(100), storeAs('u_3'))).toBe(100);
    await quotaOf(0).requireRoomForResults(workspaceId, [{ source_seconds: 3600, options: '{}' }]);
  });

  test('sets room aside for the results of jobs that wait', async () => {
    const quota = quotaOf(1_000_000);
    const asked = (format: string) => ({ source_seconds: 20, options: JSON.stringify({ format, sampleRate: 16_000 }) });
    const refusal = { code: 'quota-exceeded' };
    await quota.requireRoomForResults(workspaceId, [asked('wav')]);
    await expect(quota.requireRoomForResults(workspaceId, [asked('wav'), asked('flac')])).rejects.toMatchObject(
      refusal,
    );
    await insertJob('j_1', asked('wav'));
    await expect(quota.requireRoomForResults(workspaceId, [asked('wav')])).rejects.toMatchObject(refusal);
    await quota.requireRoomForResults(workspaceId, [asked('mp3')]);
    await new JobRepository(database).finish('j_1', { outcome: 'cancelled' }, null);
    await quota.requireRoomForResults(workspaceId, [asked('wav')]);
  });
});
