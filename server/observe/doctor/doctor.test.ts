import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../../tests/services/ports.ts';
import { startPostgres } from '../../../tests/services/postgres.ts';
import { isInstalled, needs } from '../../../tests/services/programs.ts';
import { startRedis } from '../../../tests/services/redis.ts';
import { startRedisCluster } from '../../../tests/services/redis-cluster.ts';
import { parseRedisSettings } from '../../redis/settings.ts';
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
    const checks = await checkRedis(settingsOf(`redis://giong:secret@127.0.0.1:${freePort()}`));
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
    expect(await checkPostgres(undefined)).toEqual([]);
  });

  test('that is dead is bad, and its password is not told', async () => {
    const checks = await checkPostgres(`postgres://giong:secret@127.0.0.1:${freePort()}/giong`);
    expect(statesOf(checks)).toEqual({ postgres: 'bad' });
    expect(JSON.stringify(checks)).not.toContain('secret');
    expectAdvice(checks);
  });

  test.if(isInstalled('postgres'))(`that answers is good${needs('postgres')}`, async () => {
    const postgres = await startPostgres();
    try {
      expect(statesOf(await checkPostgres(await postgres.createDatabase()))).toEqual({ postgres: 'good' });
    } finally {
      await postgres.stop();
    }
  });
});
