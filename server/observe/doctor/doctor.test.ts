import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SQL } from 'bun';
import { isMotoInstalled, needsMoto, startMoto } from '../../../tests/services/moto.ts';
import { freePort } from '../../../tests/services/ports.ts';
import { startPostgres } from '../../../tests/services/postgres.ts';
import { isInstalled, needs } from '../../../tests/services/programs.ts';
import { startRedis } from '../../../tests/services/redis.ts';
import { startRedisCluster } from '../../../tests/services/redis-cluster.ts';
import { until } from '../../../tests/services/until.ts';
import { parseConfig } from '../../config.ts';
import { claimDatabase, isDatabaseClaimed } from '../../data/claim-database.ts';
import { S3FileStore, type S3Settings } from '../../files/s3.ts';
import { parseRedisSettings } from '../../redis/settings.ts';
import { createLogger } from '../log.ts';
import { checkBucket } from './bucket.ts';
import type { Check, State } from './check.ts';
import { checkFiles } from './files.ts';
import { checkMachine } from './machine.ts';
import { checkPort } from './port.ts';
import { checkPostgres } from './postgres.ts';
import { checkRedis } from './redis.ts';
import { checkStorage } from './storage.ts';

const statesOf = (checks: readonly Check[]) => Object.fromEntries(checks.map(({ id, state }) => [id, state]));

/** All that is not good says in both languages how to mend it. */
function expectAdvice(checks: readonly Check[]): void {
  for (const { state, advice } of checks) {
    if (state === 'good') expect(advice).toBeNull();
    else expect(advice).toEqual({ vi: expect.stringMatching(/./), en: expect.stringMatching(/./) });
  }
}

describe('the data folder', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'giong-doctor-'));
  });
  afterEach(async () => {
    await chmod(folder, 0o700);
    await rm(folder, { recursive: true });
  });

  test('that can be made is good, and is not made', async () => {
    const checks = await checkStorage(join(folder, 'new', 'data'));
    expect(statesOf(checks)).toMatchObject({ data: 'good' });
    expect(await readdir(folder)).toEqual([]);
  });

  test('below a file is bad', async () => {
    await Bun.write(join(folder, 'file'), 'not a folder');
    const checks = await checkStorage(join(folder, 'file', 'data'));
    expect(statesOf(checks)).toEqual({ data: 'bad' });
    expectAdvice(checks);
  });

  // Nobody may write there, not even the superuser whom a read-only folder of his own does not stop.
  test.if(process.platform === 'linux')('that is read-only is bad', async () => {
    expect(statesOf(await checkStorage('/sys/giong'))).toEqual({ data: 'bad' });
    if (process.getuid?.() === 0) return;
    await chmod(folder, 0o500);
    expect(statesOf(await checkStorage(folder))).toEqual({ data: 'bad' });
  });
});

describe('the port', () => {
  test('that is free is good', async () => {
    expect(await checkPort('127.0.0.1', freePort())).toMatchObject({ state: 'good' });
  });

  test('that another program holds is bad', async () => {
    using other = Bun.listen({
      hostname: '127.0.0.1',
      port: 0,
      socket: { open: (socket) => void socket.end(), data() {} },
    });
    const finding = await checkPort('127.0.0.1', other.port);
    expect(finding).toMatchObject({ state: 'bad' });
    expectAdvice([finding]);
  });
});

describe('the limits of the process', () => {
  const limitsWith = (name: string, value: string) =>
    `Limit                     Soft Limit           Hard Limit           Units\n${name.padEnd(25)} ${value.padEnd(20)} unlimited            units\n`;

  test.each<[string, string, string, State]>([
    ['Max open files', '512', 'open-files', 'bad'],
    ['Max open files', '2048', 'open-files', 'warning'],
    ['Max open files', '65536', 'open-files', 'good'],
    ['Max address space', '2147483648', 'address-space', 'bad'],
    ['Max cpu time', '300', 'cpu-time', 'bad'],
    ['Max cpu time', 'unlimited', 'cpu-time', 'good'],
  ])('%s %s: %s is %s', async (name, value, id, state) => {
    const checks = await checkMachine(1, limitsWith(name, value));
    expect(statesOf(checks)[id]).toBe(state);
    expectAdvice(checks);
  });

  test('more workers than this machine can bear are told', async () => {
    const states = statesOf(await checkMachine(1_000_000));
    expect(states).toMatchObject({ cores: 'warning', memory: 'bad' });
  });
});

test('a missing file and a damaged one are bad', () => {
  const checks = checkFiles([
    { name: 'mini/encoder.onnx', state: 'missing', bytes: 0, sha256: null },
    { name: 'mini/decoder.onnx', state: 'corrupt', bytes: 5, sha256: '00' },
    { name: 'kernels.simd.wasm', state: 'good', bytes: 5, sha256: '00' },
  ]);
  expect(checks.map(({ state }) => state)).toEqual(['bad', 'bad', 'good']);
  expectAdvice(checks);
});

describe.if(isInstalled('redis-server'))(`Redis${needs('redis-server')}`, () => {
  const settingsOf = (url: string) => parseRedisSettings({ REDIS_URL: url });

  test('none is good: the queue is on the machine itself', async () => {
    expect(statesOf(await checkRedis(undefined))).toEqual({ redis: 'good' });
  });

  test('that is dead is bad, and its password is not told', async () => {
    const checks = await checkRedis(settingsOf(`redis://giong:secret@127.0.0.1:${freePort()}`), 0.5);
    expect(statesOf(checks)).toEqual({ redis: 'bad' });
    expect(JSON.stringify(checks)).not.toContain('secret');
    expectAdvice(checks);
  });

  test('that drops jobs when it is full is bad; that forgets all when it ends is to be improved', async () => {
    const redis = await startRedis(['--maxmemory-policy', 'allkeys-lru']);
    try {
      const checks = await checkRedis(settingsOf(redis.url));
      expect(statesOf(checks)).toEqual({
        redis: 'good',
        'redis-version': 'good',
        'redis-eviction': 'bad',
        'redis-persistence': 'warning',
        'redis-clock': 'good',
      });
      expectAdvice(checks);
      await redis.ask(['CONFIG', 'SET', 'maxmemory-policy', 'noeviction'], ['CONFIG', 'SET', 'appendonly', 'yes']);
      expect(new Set(Object.values(statesOf(await checkRedis(settingsOf(redis.url)))))).toEqual(new Set(['good']));
    } finally {
      await redis.stop();
    }
  });

  test('as a cluster: every master is asked', async () => {
    const cluster = await startRedisCluster({ masters: 3, replicas: 0 });
    try {
      const nodes = cluster.nodes.map(({ host, port }) => `${host}:${port}`).join(',');
      const checks = await checkRedis(parseRedisSettings({ REDIS_CLUSTER: nodes }));
      expect(checks.filter(({ id }) => id === 'redis-eviction').map(({ state }) => state)).toEqual([
        'good',
        'good',
        'good',
      ]);
    } finally {
      await cluster.stop();
    }
  });
});

describe('PostgreSQL', () => {
  test('is passed over where it is not configured', async () => {
    expect(await checkPostgres(undefined, true)).toEqual([]);
  });

  test('that is dead is bad, and its password is not told', async () => {
    const checks = await checkPostgres(`postgres://giong:secret@127.0.0.1:${freePort()}/giong`, false);
    expect(statesOf(checks)).toEqual({ postgres: 'bad' });
    expect(JSON.stringify(checks)).not.toContain('secret');
    expectAdvice(checks);
  });

  test.if(isInstalled('postgres'))(
    `that answers is good; without Redis one server has it${needs('postgres')}`,
    async () => {
      const postgres = await startPostgres();
      try {
        const url = await postgres.createDatabase();
        expect(statesOf(await checkPostgres(url, true))).toEqual({ postgres: 'good' });
        expect(statesOf(await checkPostgres(url, false))).toEqual({ postgres: 'good', 'postgres-alone': 'good' });
        const log = createLogger('silent');
        const claim = await claimDatabase(url, log);
        await expect(claimDatabase(url, log)).rejects.toMatchObject({ code: 'data-in-use' });
        const checks = await checkPostgres(url, false);
        expect(statesOf(checks)).toEqual({ postgres: 'good', 'postgres-alone': 'warning' });
        expectAdvice(checks);
        // A connection that breaks is made again, and with it the claim.
        await using sql = new SQL(url, { max: 1 });
        await sql`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'giong-claim'`;
        await until('it is claimed again', () => isDatabaseClaimed(url));
        await claim.release();
        expect(await isDatabaseClaimed(url)).toBe(false);
      } finally {
        await postgres.stop();
      }
    },
  );
});

describe('S3', () => {
  const configOf = ({ bucket, endpoint, region, accessKeyId, secretAccessKey }: S3Settings) =>
    parseConfig({
      ...{ S3_BUCKET: bucket, S3_ENDPOINT: endpoint, S3_REGION: region },
      ...{ S3_ACCESS_KEY_ID: accessKeyId, S3_SECRET_ACCESS_KEY: secretAccessKey },
    });
  const nowhere = { bucket: 'files', region: 'us-east-1', accessKeyId: 'key', secretAccessKey: 'secret' };

  test('is passed over where it is not configured', async () => {
    expect(await checkBucket(parseConfig({}))).toEqual([]);
  });

  test('without keys, or out of reach, is bad, and its secret is not told', async () => {
    expect(statesOf(await checkBucket(parseConfig({ S3_BUCKET: 'files' })))).toEqual({ s3: 'bad' });
    const checks = await checkBucket(configOf({ ...nowhere, endpoint: `http://127.0.0.1:${freePort()}` }));
    expect(statesOf(checks)).toEqual({ s3: 'bad' });
    expect(JSON.stringify(checks)).not.toContain('secret');
    expectAdvice(checks);
  });

  test.skipIf(!isMotoInstalled)(
    `that can be used is good; a bucket that is not there, or somebody else's, is told${needsMoto}`,
    async () => {
      const moto = await startMoto();
      try {
        const settings = await moto.createBucket();
        const good = { s3: 'good', 's3-write': 'good', 's3-clock': 'good' } as const;
        expect(statesOf(await checkBucket(configOf(settings)))).toEqual(good);
        expect(await Array.fromAsync(new S3FileStore(settings).list())).toEqual([]);
        const missing = await checkBucket(configOf({ ...settings, bucket: 'elsewhere' }));
        expect(statesOf(missing)).toEqual({ s3: 'bad' });
        expect(missing[0]?.advice?.en).toContain('There is no such bucket');
        await fetch(`${moto.url}/${settings.bucket}/photos/a.jpg`, { method: 'PUT', body: 'x' });
        const strange = await checkBucket(configOf(settings));
        expect(statesOf(strange)).toEqual({ ...good, s3: 'warning' });
        expectAdvice(strange);
      } finally {
        await moto.stop();
      }
    },
  );

  test('that forbids writing, or whose clock is elsewhere, is told', async () => {
    const empty = '<?xml version="1.0"?><ListBucketResult><Name>files</Name><KeyCount>0</KeyCount></ListBucketResult>';
    const denied = '<?xml version="1.0"?><Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>';
    const server = Bun.serve({
      port: 0,
      fetch: ({ method }) =>
        method === 'PUT'
          ? new Response(denied, { status: 403, headers: { 'Content-Type': 'application/xml' } })
          : new Response(empty, { headers: { Date: new Date(Date.now() - 1_000_000).toUTCString() } }),
    });
    try {
      const checks = await checkBucket(configOf({ ...nowhere, endpoint: server.url.origin }));
      expect(statesOf(checks)).toEqual({ s3: 'good', 's3-write': 'bad', 's3-clock': 'warning' });
      expect(checks[1]?.advice?.en).toContain('The keys may not');
      expectAdvice(checks);
    } finally {
      await server.stop(true);
    }
  });
});
