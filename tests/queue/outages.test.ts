import { afterAll, afterEach, beforeAll, describe, expect, test } from 'bun:test';
import { BullQueue } from '#server/jobs/bull-queue.ts';
import type { QueuedJob, QueueEvent } from '#server/jobs/queue.ts';
import { createLogger } from '#server/observe/log.ts';
import { parseRedisSettings } from '#server/redis/settings.ts';
import { isInstalled, needs } from '../services/programs.ts';
import { type RedisServer, startRedis, startSecureRedis } from '../services/redis.ts';
import { redisDeployments } from '../services/redis-deployments.ts';
import { startTcpProxy } from '../services/tcp-proxy.ts';
import { until } from '../services/until.ts';
import { startTaker, type TakerOptions, type TakerProcess } from './taker-process.ts';

const log = createLogger('silent');
/** Short, so that the tests are. */
const lockSeconds = 2;
const never = new AbortController().signal;

const closing: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

let queues = 0;
const newName = () => `outage-${++queues}`;

async function open(environment: Readonly<Record<string, string>>, name: string): Promise<BullQueue> {
  const settings = parseRedisSettings(environment);
  if (!settings) throw new Error('no Redis configured');
  const queue = await BullQueue.open(settings, { log, name, lockSeconds });
  closing.push(() => queue.close());
  return queue;
}

async function start(options: Omit<TakerOptions, 'lockSeconds'>): Promise<TakerProcess> {
  const taker = await startTaker({ ...options, lockSeconds });
  closing.push(() => taker.end('SIGKILL'));
  return taker;
}

const job = (jobId: string): QueuedJob => ({ jobId, workspaceId: `of-${jobId}`, priority: 'normal', seconds: 10 });

describe.skipIf(!isInstalled('redis-server'))(`jobs outlive their workers${needs('redis-server')}`, () => {
  let redis: RedisServer;
  let environment: Record<string, string>;
  beforeAll(async () => {
    redis = await startRedis();
    environment = { REDIS_URL: redis.url };
  });
  afterAll(() => redis.stop());

  test('the job of a killed process goes to another, as its second attempt', async () => {
    const name = newName();
    const queue = await open(environment, name);
    const taker = await start({ environment, queue: name });
    await queue.add(job('a'));
    await taker.hears('took');
    await taker.end('SIGKILL');
    expect(await queue.take(never)).toMatchObject({ jobId: 'a', attempt: 2 });
  }, 20_000);

  test('the job of a process that stops in order goes to another at once, as the same attempt', async () => {
    const name = newName();
    const queue = await open(environment, name);
    const taker = await start({ environment, queue: name });
    await queue.add(job('a'));
    await taker.hears('took');
    const next = queue.take(never);
    await taker.end('SIGTERM');
    expect(await next).toMatchObject({ jobId: 'a', attempt: 1 });
  }, 20_000);

  test('a job that runs in another process is stopped there when it is cancelled', async () => {
    const name = newName();
    const queue = await open(environment, name);
    const taker = await start({ environment, queue: name });
    await queue.add(job('a'));
    await taker.hears('took');
    await queue.cancel('a');
    expect(await taker.hears('cancelled')).toEqual({ type: 'cancelled', jobId: 'a' });
  }, 20_000);

  test('a worker that is cut off loses its job to another, and hears of it when it is back', async () => {
    const name = newName();
    const wire = startTcpProxy(redis.port);
    closing.push(() => wire.stop());
    const queue = await open(environment, name);
    const taker = await start({ environment: { REDIS_URL: `redis://${wire.host}:${wire.port}` }, queue: name });
    await queue.add(job('a'));
    await taker.hears('took');
    wire.cut();
    expect(await queue.take(never)).toMatchObject({ jobId: 'a', attempt: 2 });
    wire.mend();
    expect(await taker.hears('cancelled')).toEqual({ type: 'cancelled', jobId: 'a' });
    // And it is in order again.
    await queue.finish('a');
    await queue.add(job('b'));
    expect(await taker.hears('took', ({ jobId }) => jobId === 'b')).toMatchObject({ attempt: 1 });
  }, 30_000);

  test('a process that is cut off hears afterwards what happened meanwhile', async () => {
    const name = newName();
    const wire = startTcpProxy(redis.port);
    closing.push(() => wire.stop());
    const queue = await open(environment, name);
    const listening = await open({ REDIS_URL: `redis://${wire.host}:${wire.port}` }, name);
    const heard: string[] = [];
    listening.subscribe(({ type, jobId }) => heard.push(`${type} ${jobId}`));
    await queue.add(job('a'));
    await until('the first event', () => heard.length === 1);
    wire.cut();
    await queue.take(never);
    await queue.finish('a');
    wire.mend();
    await until('the last event', () => heard.includes('finished a'));
    expect(heard).toEqual(['queued a', 'active a', 'finished a']);
  }, 30_000);

  test('what the events no longer tell is found out', async () => {
    const name = newName();
    const wire = startTcpProxy(redis.port);
    closing.push(() => wire.stop());
    const queue = await open(environment, name);
    const listening = await open({ REDIS_URL: `redis://${wire.host}:${wire.port}` }, name);
    const heard: QueueEvent[] = [];
    listening.subscribe((event) => heard.push(event));
    for (const id of ['gone', 'runs']) await queue.add(job(id));
    await until('the first events', () => heard.length === 2);
    wire.cut();
    await queue.take(never);
    await queue.take(never);
    await queue.finish('gone');
    await redis.ask(['XTRIM', `{giong}:${name}:events`, 'MAXLEN', '0']);
    wire.mend();
    await until('news of the job that is gone', () => heard.some(({ type }) => type === 'finished'));
    expect(heard.slice(-2)).toEqual([
      { type: 'finished', jobId: 'gone', workspaceId: 'of-gone' },
      { type: 'queued', jobId: 'runs', workspaceId: 'of-runs' },
    ]);
  }, 30_000);

  test('when Redis itself stands still for longer than a lock lasts, running jobs stay where they are', async () => {
    const name = newName();
    const queue = await open(environment, name);
    const taker = await start({ environment, queue: name });
    await queue.add(job('a'));
    await taker.hears('took');
    redis.service.pause();
    await Bun.sleep(3 * lockSeconds * 1000);
    redis.service.resume();
    // A taker who waits through three searches for vanished workers gets the next job, not this one.
    const next = queue.take(never);
    await until('three more searches', searches(name, 3));
    await queue.add(job('b'));
    expect(await next).toMatchObject({ jobId: 'b' });
    expect((await queue.states(['a'])).get('a')?.status).toBe('active');
    expect(taker.words.some(({ type }) => type === 'cancelled')).toBe(false);
  }, 30_000);

  test('while the master refuses to write for want of replicas, callers wait', async () => {
    const name = newName();
    const queue = await open(environment, name);
    await redis.ask(['CONFIG', 'SET', 'min-replicas-to-write', '1']);
    const added = queue.add(job('a'));
    const taken = queue.take(never);
    const refused = async () =>
      Number(/NOREPLICAS:count=(\d+)/.exec(String((await redis.ask(['INFO', 'errorstats']))[0]))?.[1]);
    await until('several refusals', async () => (await refused()) >= 3);
    await redis.ask(['CONFIG', 'SET', 'min-replicas-to-write', '0']);
    await added;
    expect(await taken).toMatchObject({ jobId: 'a', attempt: 1 });
    await queue.finish('a');
    expect((await queue.counts()).active).toBe(0);
  }, 20_000);

  /** Whether so many searches for vanished workers were made since the first question. */
  function searches(name: string, count: number): () => Promise<boolean> {
    const seen = new Set<unknown>();
    return async () => {
      seen.add((await redis.ask(['GET', `{giong}:${name}:looked`]))[0]);
      return seen.size > count;
    };
  }
});

test.skipIf(!isInstalled('redis-server') || !isInstalled('openssl'))(
  `the way to Redis may be TLS with a user and a password${needs('redis-server') || needs('openssl')}`,
  async () => {
    const redis = await startSecureRedis();
    closing.push(() => redis.stop());
    const name = newName();
    const queue = await open({ REDIS_URL: redis.url }, name);
    const environment = { REDIS_URL: redis.secureUrl, NODE_EXTRA_CA_CERTS: redis.certificateFile };
    const taker = await start({ environment, queue: name });
    await queue.add(job('a'));
    expect(await taker.hears('took')).toMatchObject({ jobId: 'a' });
  },
  20_000,
);

const { 'one Redis': _single, ...replicated } = redisDeployments;

describe.skipIf(!isInstalled('redis-server') || !isInstalled('redis-sentinel')).each(Object.entries(replicated))(
  `when the master goes, on %s${needs('redis-server') || needs('redis-sentinel')}`,
  (_name, startRedises) => {
    test.each(['killed', 'frozen'] as const)(
      '%s: 200 jobs in two processes all end, and every one is heard of',
      async (how) => {
        const name = newName();
        const deployment = await startRedises();
        closing.push(() => deployment.stop());
        const { environment } = deployment;
        const queue = await open(environment, name);
        const finished = new Map<string, number>();
        queue.subscribe(({ type, jobId }) => {
          if (type === 'finished') finished.set(jobId, (finished.get(jobId) ?? 0) + 1);
        });
        const takers = await Promise.all(
          [1, 2].map(() => start({ environment, queue: name, takers: 2, workMilliseconds: 20 })),
        );
        const ended = () =>
          new Set(takers.flatMap(({ words }) => words).flatMap((word) => (word.type === 'ended' ? word.jobId : [])));

        const ids = Array.from({ length: 200 }, (_, index) => `job-${index}`);
        const adding = (async () => {
          for (const id of ids) await queue.add(job(id));
        })();
        await until('fifty jobs done', () => ended().size >= 50);
        await deployment.failOver(how);
        await adding;
        // What the server does from its database: an unfinished job that the queue has lost is added again.
        await until(
          'all jobs done',
          async () => {
            const open = ids.filter((id) => !ended().has(id));
            const known = await queue.states(open);
            for (const id of open) if (!known.has(id) && !ended().has(id)) await queue.add(job(id));
            return open.length === 0;
          },
          60,
        );
        await until('an empty queue', async () => (await queue.counts()).active === 0);
        expect((await queue.counts()).queued.normal).toBe(0);
        await until('news of every job', () => finished.size === ids.length);
        expect([...ended()].toSorted()).toEqual(ids.toSorted());
        // What was in hand, and the last writes, which no replica had. A frozen master takes some more before it knows better.
        const taken = takers.flatMap(({ words }) => words).filter((word) => word.type === 'took').length;
        if (how === 'killed') expect(taken - ids.length).toBeLessThanOrEqual(20);
      },
      90_000,
    );
  },
);
