import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Database, openDatabase } from '../data/database.ts';
import { ResumableUploadRepository } from '../data/resumable-uploads.ts';
import { UploadRepository } from '../data/uploads.ts';
import { UsageRepository } from '../data/usage.ts';
import { LocalFileStore } from '../files/local.ts';
import { createLogger } from '../observe/log.ts';
import { StorageQuota } from '../storage/quota.ts';
import { UploadService } from '../uploads.ts';
import { ResumableUploads } from './resumable-uploads.ts';

const workspaceId = 'w_1';
const maxUploadBytes = 1000;
const quotaBytes = 1500;
let folder: string;
let database: Database;
let records: ResumableUploadRepository;
let uploads: UploadService;
/** Each throws once when the next upload is looked at. */
let probeFailures: Error[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'giong-resumable-'));
  database = await openDatabase(':memory:');
  records = new ResumableUploadRepository(database);
  probeFailures = [];
  const probe = async () => {
    const failure = probeFailures.shift();
    if (failure) throw failure;
    return { format: 'wav', seconds: 1 };
  };
  const quota = new StorageQuota(new UsageRepository(database), quotaBytes);
  uploads = new UploadService(new UploadRepository(database), new LocalFileStore(folder), probe, quota);
});
afterEach(async () => {
  await database.destroy();
  await rm(folder, { recursive: true });
});

/** What one server process makes of the data that all share. */
function openResumable(): ResumableUploads {
  const files = new LocalFileStore(folder);
  return new ResumableUploads({ records, files, uploads, maxUploadBytes, log: createLogger('silent') });
}

async function* bytes(...lengths: number[]): AsyncGenerator<Uint8Array> {
  for (const length of lengths) yield new Uint8Array(length).fill(length);
}

async function keptFiles(): Promise<string[]> {
  const entries = await readdir(join(folder, 'files'), { recursive: true, withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isFile()).map((entry) => entry.name);
}

describe('an upload in parts', () => {
  test('goes on at another server', async () => {
    const [first, second] = [openResumable(), openResumable()];
    const { id } = await first.create(workspaceId, 30, 'a.wav');
    expect(await first.append(workspaceId, id, 0, bytes(10))).toMatchObject({ receivedBytes: 10, upload: null });
    const whole = await second.append(workspaceId, id, 10, bytes(15, 5));
    expect(whole).toMatchObject({ receivedBytes: 30, expiresAt: null, upload: { id, bytes: 30, seconds: 1 } });
    expect(await first.get(workspaceId, id)).toEqual(whole);
    expect(await keptFiles()).toEqual([id]);
  });

  test('is refused a second writer at another server, as long as the first one lives', async () => {
    const [first, second] = [openResumable(), openResumable()];
    const { id } = await first.create(workspaceId, 30, 'a.wav');
    const more = Promise.withResolvers<void>();
    async function* slow() {
      yield* bytes(10);
      await more.promise;
      yield* bytes(20);
    }
    const writing = first.append(workspaceId, id, 0, slow());
    await expect(second.append(workspaceId, id, 0, bytes(30))).rejects.toMatchObject({ code: 'upload-locked' });
    more.resolve();
    expect((await writing).upload?.bytes).toBe(30);
  }, 30_000);

  test('is free for another server soon after its writer’s death', async () => {
    const { id } = await openResumable().create(workspaceId, 30, 'a.wav');
    const [now, soon] = [new Date(), new Date(Date.now() + 500)];
    expect(await records.claim(id, 'a process that died', now, soon)).toBe(true);
    expect((await openResumable().append(workspaceId, id, 0, bytes(30))).upload?.bytes).toBe(30);
  });

  test('takes no part from a writer that lost its place', async () => {
    const resumable = openResumable();
    const { id } = await resumable.create(workspaceId, 30, 'a.wav');
    async function* overtaken() {
      yield* bytes(10);
      const later = new Date(Date.now() + 3_600_000);
      await records.claim(id, 'another', later, new Date(later.getTime() + 1000));
    }
    await expect(resumable.append(workspaceId, id, 0, overtaken())).rejects.toMatchObject({ code: 'upload-locked' });
    expect(await records.find(workspaceId, id)).toMatchObject({ received: 0, writer: 'another' });
    expect(await keptFiles()).toEqual([]);
  });

  test('that was whole when its server died is checked when it is asked for', async () => {
    const resumable = openResumable();
    const { id } = await resumable.create(workspaceId, 30, 'a.wav');
    probeFailures.push(new Error('the server dies over it'));
    await expect(resumable.append(workspaceId, id, 0, bytes(30))).rejects.toThrow('the server dies');
    expect((await openResumable().get(workspaceId, id)).upload).toMatchObject({ id, bytes: 30 });
    expect(await keptFiles()).toEqual([id]);
  });

  test('is refused at its beginning when the workspace has no room for it', async () => {
    const resumable = openResumable();
    const { id } = await resumable.create(workspaceId, 1000, 'a.wav');
    await resumable.append(workspaceId, id, 0, bytes(200, 200, 200, 200, 200));
    await expect(resumable.create(workspaceId, 501, 'b.wav')).rejects.toMatchObject({ code: 'quota-exceeded' });
    expect((await resumable.create(workspaceId, 500, 'c.wav')).receivedBytes).toBe(0);
  });

  test('keeps what came before its connection broke', async () => {
    const resumable = openResumable();
    const { id } = await resumable.create(workspaceId, 30, 'a.wav');
    async function* breaking() {
      yield* bytes(10);
      throw new Error('reset by peer');
    }
    await expect(resumable.append(workspaceId, id, 0, breaking())).rejects.toMatchObject({ code: 'request-invalid' });
    expect((await resumable.get(workspaceId, id)).receivedBytes).toBe(10);
  });

  test('that nobody finishes goes after a day, with its parts', async () => {
    const resumable = openResumable();
    const [left, done] = [
      await resumable.create(workspaceId, 30, 'left.wav'),
      await resumable.create(workspaceId, 10, 'done.wav'),
    ];
    await resumable.append(workspaceId, left.id, 0, bytes(10));
    await resumable.append(workspaceId, done.id, 0, bytes(10));
    const hours = (count: number) => new Date(Date.now() + count * 3_600_000);
    await resumable.removeExpired(hours(23));
    expect((await resumable.get(workspaceId, left.id)).receivedBytes).toBe(10);
    await resumable.removeExpired(hours(25));
    await expect(resumable.get(workspaceId, left.id)).rejects.toMatchObject({ code: 'not-found' });
    expect((await resumable.get(workspaceId, done.id)).upload?.bytes).toBe(10);
    expect(await keptFiles()).toEqual([done.id]);
  });
});
