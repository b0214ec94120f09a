import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseManifest } from '#core/models/manifest.ts';
import { until } from '../../tests/services/until.ts';
import { isSignedWith, WebhookReceiver } from '../../tests/support/webhook-receiver.ts';
import { BatchService } from '../batches/batch-service.ts';
import { BatchRepository } from '../data/batches.ts';
import { type Database, openDatabase } from '../data/database.ts';
import { JobRepository } from '../data/jobs.ts';
import { UploadRepository } from '../data/uploads.ts';
import { UsageRepository } from '../data/usage.ts';
import { VoiceRepository } from '../data/voices.ts';
import { WebhookRepository } from '../data/webhooks.ts';
import { LocalFileStore } from '../files/local.ts';
import type { Batch, Job } from '../http/api-types.ts';
import { batchRequestSchema } from '../http/schemas/batches.ts';
import { convertRequestSchema } from '../http/schemas.ts';
import { JobService } from '../jobs/job-service.ts';
import { LoadMeter } from '../jobs/load-meter.ts';
import { Pace } from '../jobs/pace.ts';
import { SqliteQueue } from '../jobs/sqlite-queue.ts';
import type { Language } from '../language.ts';
import { createLogger } from '../observe/log.ts';
import { paths } from '../paths.ts';
import { Recordings } from '../recordings.ts';
import { SampleCatalogue } from '../samples.ts';
import { StorageQuota } from '../storage/quota.ts';
import { Targets } from '../targets.ts';
import { WebhookSender, type WebhookSenderOptions } from './webhook-sender.ts';

const workspaceId = 'w_1';
const voice = 'sample-1688';
let folder: string;
let database: Database;
let jobRecords: JobRepository;
let webhooks: WebhookRepository;
let queue: SqliteQueue;
let jobs: JobService;
let batches: BatchService;
let senders: WebhookSender[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'giong-webhooks-'));
  database = await openDatabase(':memory:');
  jobRecords = new JobRepository(database);
  webhooks = new WebhookRepository(database);
  queue = new SqliteQueue(database);
  const samples = await SampleCatalogue.load(paths.samples);
  const probe = async () => ({ format: 'flac', seconds: 6 });
  const recordings = new Recordings(samples, new UploadRepository(database), probe);
  const targets = new Targets(recordings, new VoiceRepository(database));
  const [pace, files] = [new Pace(() => 1), new LocalFileStore(folder)];
  const models = parseManifest(await Bun.file(join(paths.models, 'manifest.json')).bytes());
  const manifest = async () => models;
  const [log, engines] = [createLogger('silent'), ['mini']];
  const quota = new StorageQuota(new UsageRepository(database), 0);
  const load = new LoadMeter(queue, jobRecords);
  const shared = { queue, pace, load };
  jobs = new JobService({ ...shared, jobs: jobRecords, files, recordings, targets, quota, engines, manifest, log });
  batches = new BatchService({ ...shared, batches: new BatchRepository(database), jobs, jobRecords });
  senders = [];
});
afterEach(async () => {
  for (const sender of senders) await sender.stop();
  await queue.close();
  await database.destroy();
  await rm(folder, { recursive: true });
});

function startSender(options: WebhookSenderOptions = {}): WebhookSender {
  const config = { webhookSecret: 'sesame', webhookPrivate: true };
  const sender = new WebhookSender({ webhooks, jobs, batches, queue, config, log: createLogger('silent') }, options);
  senders.push(sender);
  sender.start();
  return sender;
}

async function submit(webhook: string, language: Language = 'vi'): Promise<Job> {
  const request = convertRequestSchema.parse({ source: 'sample-english', voice, webhook });
  return jobs.submit(workspaceId, request, language);
}

/** Ends a job as a worker would. */
async function fail(id: string): Promise<void> {
  await jobRecords.finish(id, { outcome: 'failed', code: 'audio-silent', details: {} }, null);
  await queue.finish(id);
}

describe('a delivery', () => {
  test('is made once the job has ended, signed, with the job as it is then', async () => {
    using receiver = new WebhookReceiver();
    startSender();
    const [running, ended] = [await submit(receiver.url), await submit(receiver.url)];
    await fail(ended.id);
    const [received] = await receiver.until(1);
    expect(received?.headers.get('X-Giong-Event')).toBe('job.failed');
    expect(received?.headers.get('Content-Type')).toBe('application/json');
    expect(received && isSignedWith(received, 'sesame')).toBe(true);
    expect(JSON.parse(received?.body ?? '')).toEqual(await jobs.get(workspaceId, ended.id, 'vi'));

    await jobs.cancel(workspaceId, running.id, 'vi');
    const [, second] = await receiver.until(2);
    expect(second?.headers.get('X-Giong-Event')).toBe('job.cancelled');
    expect(second?.headers.get('X-Giong-Delivery')).not.toBe(received?.headers.get('X-Giong-Delivery') ?? '');
  });

  test('is worded in the language of who asked for it', async () => {
    using receiver = new WebhookReceiver();
    startSender();
    const job = await submit(receiver.url, 'en');
    await fail(job.id);
    const [received] = await receiver.until(1);
    expect(JSON.parse(received?.body ?? '')).toEqual(await jobs.get(workspaceId, job.id, 'en'));
    expect(received?.body).not.toBe(JSON.stringify(await jobs.get(workspaceId, job.id, 'vi')));
  });

  test('can be followed by its workspace: waiting, due again, delivered, given up; later it is forgotten', async () => {
    using moody = new WebhookReceiver((before) => new Response(null, { status: before === 0 ? 503 : 204 }));
    using never = new WebhookReceiver(() => new Response(null, { status: 500 }));
    const sender = startSender({ retrySeconds: [0.2] });
    const [first, second] = [await submit(moody.url), await submit(never.url)];
    const told = async () => Object.fromEntries((await sender.list(workspaceId)).map((one) => [one.subjectId, one]));
    const waiting = { status: 'waiting', attempts: 0, lastStatus: null, nextAttemptAt: null, settledAt: null };
    expect((await told())[first.id]).toMatchObject({ subject: 'job', url: moody.url, ...waiting });
    await fail(first.id);
    await until('it failed once', async () => (await told())[first.id]?.lastStatus === 503);
    expect((await told())[first.id]).toMatchObject({ status: 'due', attempts: 1, nextAttemptAt: expect.any(String) });
    await fail(second.id);
    await until('both are settled', async () =>
      Object.values(await told()).every(({ settledAt }) => settledAt !== null),
    );
    const after = await told();
    expect(after[first.id]).toMatchObject({ status: 'delivered', attempts: 2, lastStatus: 204, nextAttemptAt: null });
    expect(after[second.id]).toMatchObject({ status: 'given-up', attempts: 2, lastStatus: 500, lastError: null });
    expect(await sender.list('w_2')).toEqual([]);
    await webhooks.forget(new Date(Date.now() - 60_000));
    expect(Object.keys(await told())).toHaveLength(2);
    await webhooks.forget(new Date(Date.now() + 60_000));
    expect(await told()).toEqual({});
  });

  test('of a batch is one, made when its last job has ended', async () => {
    using receiver = new WebhookReceiver();
    startSender();
    const sources = ['sample-english', 'sample-vietnamese'];
    const request = batchRequestSchema.parse({ sources, voice, webhook: receiver.url });
    const batch = await batches.submit(workspaceId, request, 'vi');
    for (const { id } of batch.jobs) {
      expect(receiver.received).toEqual([]);
      await fail(id);
    }
    const [received] = await receiver.until(1);
    expect(received?.headers.get('X-Giong-Event')).toBe('batch.failed');
    const told = JSON.parse(received?.body ?? '') as Batch;
    expect(told).toMatchObject({ id: batch.id, counts: { failed: 2 } });
    expect(told.jobs).toHaveLength(2);
  });

  test('that fails is tried again, as the same one; redirects count as failures and are not followed', async () => {
    const redirect = new Response(null, { status: 302, headers: { Location: '/elsewhere' } });
    using receiver = new WebhookReceiver(
      (before) => [new Response(null, { status: 500 }), redirect][before] ?? new Response(),
    );
    startSender({ retrySeconds: [0.01, 0.01, 0.01] });
    await fail((await submit(receiver.url)).id);
    const received = await receiver.until(3);
    expect(received.map(({ path }) => path)).toEqual(['/hook', '/hook', '/hook']);
    expect(new Set(received.map(({ headers }) => headers.get('X-Giong-Delivery'))).size).toBe(1);
  });

  test('that finds nobody, or waits too long for an answer, is tried again', async () => {
    const gone = new WebhookReceiver();
    const goneUrl = gone.url;
    gone[Symbol.dispose]();
    const silence = Promise.withResolvers<Response>();
    using slow = new WebhookReceiver((before) => (before === 0 ? silence.promise : new Response()));
    const sender = startSender({ retrySeconds: [0.01, 3600], timeoutSeconds: 0.2 });
    const [first, second] = [await submit(goneUrl), await submit(slow.url)];
    await fail(first.id);
    await fail(second.id);
    await slow.until(2);
    silence.resolve(new Response());
    await until('the other one found nobody', async () =>
      (await sender.list(workspaceId)).some(({ url, lastError }) => url === goneUrl && lastError === 'unreachable'),
    );
  });

  test('is given up after the last try', async () => {
    using receiver = new WebhookReceiver(() => new Response(null, { status: 500 }));
    startSender({ retrySeconds: [0.01] });
    await fail((await submit(receiver.url)).id);
    await receiver.until(2);
    await until('nothing is left to deliver', async () => (await webhooks.nextDue()) === undefined);
    expect(receiver.received).toHaveLength(2);
  });

  test('whose end nobody heard of is found at the start', async () => {
    using receiver = new WebhookReceiver();
    await fail((await submit(receiver.url)).id);
    startSender();
    await receiver.until(1);
  });

  test('is made by one of several senders', async () => {
    using receiver = new WebhookReceiver();
    for (let count = 0; count < 3; count++) startSender();
    const count = 30;
    const ids: string[] = [];
    for (let made = 0; made < count; made++) ids.push((await submit(receiver.url)).id);
    for (const id of ids) await fail(id);
    await receiver.until(count);
    for (const sender of senders) await sender.stop();
    const told = receiver.received.map(({ body }) => (JSON.parse(body) as Job).id);
    expect(told.toSorted()).toEqual(ids.toSorted());
  });
});
