import { Database } from 'bun:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { S3Settings } from '#server/files/s3.ts';
import type { Job } from '#server/http/api-types.ts';
import { noLimits, startServerProcess, startWorkerProcess } from '../server/server-process.ts';
import { Visitor } from '../server/visitor.ts';
import { isMotoInstalled, needsMoto, startMoto } from '../services/moto.ts';
import { startPostgres } from '../services/postgres.ts';
import { isInstalled, needs } from '../services/programs.ts';
import { ask, startRedis } from '../services/redis.ts';
import { removeFolder, temporaryFolder } from '../services/service.ts';
import { until } from '../services/until.ts';

const scripts = join(import.meta.dir, '..', '..', 'deploy');

let stack: AsyncDisposableStack;
let folder: string;
beforeEach(async () => {
  stack = new AsyncDisposableStack();
  folder = await temporaryFolder('backup');
  stack.defer(() => removeFolder(folder));
});
afterEach(() => stack.disposeAsync());

/** Runs one of the scripts; its standard output, or an error with all that it said. */
async function run(script: string, args: readonly string[], environment: Record<string, string>): Promise<string> {
  const child = Bun.spawn([join(scripts, script), ...args], {
    env: { ...process.env, GIONG_BUN: process.execPath, ...environment },
    stdout: 'pipe',
    stderr: 'pipe',
  });
  const [output, errors] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()]);
  if ((await child.exited) !== 0) throw new Error(`${script}: ${errors}`);
  return output.trim();
}

interface Trip {
  /** Of the server, the backup and its target. */
  readonly before?: Record<string, string>;
  /** Of the restoration and the server after it. */
  readonly after?: Record<string, string>;
  /** Whether a job waits for a worker all the time, which only the restored server has. */
  readonly keepsWaiting?: boolean;
}

/** Somebody has converted a recording; then it is saved, the server killed, and all put back into an empty folder elsewhere. */
async function roundTrip(target: string, { before = {}, after = before, keepsWaiting = false }: Trip = {}) {
  const [data, config] = [join(folder, 'data'), join(folder, 'config')];
  await mkdir(config);
  await writeFile(join(config, 'giong.env'), 'GIONG_ADMIN_KEY=sesame');
  const server = await startServerProcess(data, { ...before, ...(keepsWaiting && { GIONG_WORKERS: '0' }) });
  stack.defer(() => server.kill());
  const worker = keepsWaiting ? await startWorkerProcess(data, before) : undefined;
  const visitor = new Visitor(server);
  await visitor.fetch('/api/session');
  const upload = await visitor.upload(Bun.file('samples/recordings/english.flac'), 'tiếng Anh.flac');
  const job = await convert(visitor, upload.id);
  const result = await (await visitor.fetch(`/api/jobs/${job.id}/result`)).bytes();
  await worker?.kill();
  const waiting = worker && (await visitor.convert({ source: upload.id, voice: 'sample-1688', seed: 3 }));
  const archive = await run('backup.sh', [target], { ...before, GIONG_DATA: data, GIONG_CONFIG: config });
  const left = await readdir(data);
  expect(left).not.toContainEqual(expect.stringContaining('.backup'));
  await server.kill();
  await removeFolder(data);

  const [newData, newConfig] = [join(folder, 'new-data'), join(folder, 'new-config')];
  await run('restore.sh', [archive], { ...after, GIONG_DATA: newData, GIONG_CONFIG: newConfig });
  expect(await readFile(join(newConfig, 'giong.env'), 'utf8')).toBe('GIONG_ADMIN_KEY=sesame');
  const successor = await startServerProcess(newData, { ...noLimits, ...after });
  stack.defer(() => successor.kill());
  const returned = new Visitor(successor, 'vi', visitor.cookie);
  if (waiting) await until('what waited is done', async () => (await returned.job(waiting.id)).status === 'done');
  const { jobs } = await returned.json<{ jobs: Job[] }>('/api/jobs');
  expect(jobs.map(({ id, status }) => ({ id, status }))).toEqual(
    [waiting, job].flatMap((one) => (one ? [{ id: one.id, status: 'done' }] : [])),
  );
  expect(await (await returned.fetch(`/api/jobs/${job.id}/result`)).bytes()).toEqual(result);
  expect((await convert(returned, upload.id, 7)).status).toBe('done');
  return { archive, newData };
}

async function convert(visitor: Visitor, source: string, seed = 1) {
  using news = await visitor.listen();
  const { id } = await visitor.convert({ source, voice: 'sample-1688', seed });
  return await news.ended(id);
}

/** A bucket, as the server's configuration names it. */
function environmentOf({ bucket, endpoint = '', accessKeyId, secretAccessKey }: S3Settings): Record<string, string> {
  return {
    S3_BUCKET: bucket,
    S3_ENDPOINT: endpoint,
    S3_ACCESS_KEY_ID: accessKeyId,
    S3_SECRET_ACCESS_KEY: secretAccessKey,
  };
}

async function listed(archive: string): Promise<string[]> {
  return (await Bun.$`tar -tzf ${archive}`.text()).split('\n');
}

describe('backup.sh and restore.sh', () => {
  test.skipIf(!isInstalled('gpg'))(
    `SQLite, to a folder, encrypted: all is there again; without the key nothing can be read${needs('gpg')}`,
    async () => {
      const key = join(folder, 'key');
      await writeFile(key, 'correct horse battery staple');
      const { archive, newData } = await roundTrip(join(folder, 'archives'), { before: { BACKUP_KEY_FILE: key } });
      expect(archive).toEndWith('.tar.gz.gpg');
      // Neither over what is there, nor with another key, nor from a damaged archive; and what is there stays as it is.
      await expect(run('restore.sh', [archive], { GIONG_DATA: newData, BACKUP_KEY_FILE: key })).rejects.toThrow(
        'not empty',
      );
      await writeFile(key, 'guess');
      const elsewhere = { GIONG_DATA: join(folder, 'third'), GIONG_CONFIG: join(folder, 'c'), BACKUP_KEY_FILE: key };
      await expect(run('restore.sh', [archive], elsewhere)).rejects.toThrow();
      await writeFile(key, 'correct horse battery staple');
      const bytes = await Bun.file(archive).bytes();
      bytes.fill(0, bytes.length / 2, bytes.length / 2 + 64);
      await Bun.write(join(folder, 'damaged.tar.gz.gpg'), bytes);
      await expect(run('restore.sh', [join(folder, 'damaged.tar.gz.gpg')], elsewhere)).rejects.toThrow();
      expect(await readdir(elsewhere.GIONG_DATA)).toEqual([]);
    },
    60_000,
  );

  test('keeps so many archives, and deletes the oldest', async () => {
    const [data, target] = [join(folder, 'data'), join(folder, 'archives')];
    await mkdir(target);
    // Without a database there is nothing to save, which must not look like a backup.
    await mkdir(data);
    const environment = { GIONG_DATA: data, GIONG_CONFIG: join(folder, 'none'), BACKUP_KEEP: '2' };
    await expect(run('backup.sh', [target], environment)).rejects.toThrow('no database');
    new Database(join(data, 'giong.sqlite')).run('CREATE TABLE t (x)');
    for (const day of ['01', '02', '03']) await writeFile(join(target, `giong-202001${day}T000000Z.tar.gz`), '');
    await writeFile(join(target, 'other.txt'), '');
    await run('backup.sh', [target], environment);
    const left = (await readdir(target)).toSorted();
    expect(left).toEqual(['giong-20200103T000000Z.tar.gz', expect.stringMatching(/^giong-20[^0]/), 'other.txt']);
  });

  test.skipIf(!isMotoInstalled || !isInstalled('pg_dump') || !isInstalled('redis-server'))(
    `PostgreSQL, Redis and files in a bucket, to S3; what waited comes back from the database${needsMoto}${needs('pg_dump')}${needs('redis-server')}`,
    async () => {
      const moto = await startMoto();
      stack.defer(() => moto.stop());
      const [postgres, old, fresh, next] = [
        ...(await Promise.all([startPostgres(), startRedis(), startRedis()])),
        join(folder, 'redis'),
      ] as const;
      for (const service of [postgres, old, fresh]) stack.defer(() => service.stop());
      const [archives, full, empty] = [await moto.createBucket(), await moto.createBucket(), await moto.createBucket()];
      await old.ask(['SET', '{giong}:kept', 'yes']);
      const before = {
        ...environmentOf(full),
        DATABASE_URL: await postgres.createDatabase(),
        REDIS_URL: old.url,
        REDIS_BACKUP: `127.0.0.1:${old.port}`,
      };
      const after = {
        ...environmentOf(empty),
        DATABASE_URL: await postgres.createDatabase(),
        // It knows of no job.
        REDIS_URL: fresh.url,
        REDIS_RESTORE: next,
      };
      const { archive, newData } = await roundTrip(`s3://${archives.bucket}/saved`, {
        before,
        after,
        keepsWaiting: true,
      });
      expect(archive).toStartWith(`s3://${archives.bucket}/saved/giong-`);
      expect(await readdir(newData)).not.toContain('files');
      const redis = await startRedis(['--dir', next, '--appendonly', 'yes']);
      stack.defer(() => redis.stop());
      expect(await ask(redis.port, ['GET', '{giong}:kept'])).toEqual(['yes']);

      // With files that stay in their bucket; and into one that is full by now.
      const stays = { ...before, GIONG_DATA: newData, GIONG_CONFIG: join(folder, 'none'), REDIS_BACKUP: '' };
      const small = await run('backup.sh', [join(folder, 'small')], { ...stays, BACKUP_BUCKET: 'leave' });
      expect(await listed(small)).not.toContainEqual(expect.stringContaining('/files/'));
      const third = { GIONG_DATA: join(folder, 'third'), GIONG_CONFIG: join(folder, 'none') };
      const again = { ...environmentOf(empty), DATABASE_URL: after.DATABASE_URL, ...third };
      await expect(run('restore.sh', [archive], again)).rejects.toThrow('not empty');
    },
    60_000,
  );
});
