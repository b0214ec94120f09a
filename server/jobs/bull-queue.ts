import { randomUUID } from 'node:crypto';
import { Job, Queue, Worker } from 'bullmq';
import type { Logger } from '../observe/log.ts';
import { connectRedis, disconnectRedis, type RedisClient } from '../redis/connection.ts';
import { EventStream } from '../redis/event-stream.ts';
import { pauseFor } from '../redis/outage.ts';
import type { RedisSettings } from '../redis/settings.ts';
import { type Hold, Holds } from './bull/holds.ts';
import { Intake } from './bull/intake.ts';
import { type Ending, News } from './bull/news.ts';
import { priorityOf, rankOf, Store } from './bull/store.ts';
import type { JobQueue, QueueCounts, QueuedJob, QueueEvent, QueueState, TakenJob } from './queue.ts';

export interface BullQueueOptions {
  readonly log: Logger;
  /** Queues of different names on one Redis know nothing of each other. */
  readonly name?: string;
  /**
   * How long a job stays with a worker that gives no sign of life, 10 s unless told. A dead worker's job is given to another
   * within this and two fifths of it; an outage of four fifths goes unnoticed, one of Redis itself however long.
   */
  readonly lockSeconds?: number;
}

/** All keys go to one slot of a cluster, as the scripts need it. */
const keyPrefix = '{giong}';
const defaultLockSeconds = 10;
/** How often in a lock's life it is renewed and vanished workers are looked for. */
const renewalsPerLock = 5;
/** A command without an answer for this long has failed: as long as `Store` is patient. */
const commandMilliseconds = 20_000;
/** Enough for a minute of progress from a busy fleet. */
const eventsKept = 20_000;
/** A waiting worker asks at least this often, should a wake-up be lost with the worker that got it. */
const drainSeconds = 3;
/** News of one job's progress that come sooner after the last are left out. */
const progressMilliseconds = 200;
const afterErrorMilliseconds = 250;
/** How often a job is tried is the job runner's affair. */
const anyNumberOfTimes = 1_000_000;

interface JobData {
  readonly seconds: number;
}

type BullJobQueue = Queue<JobData, Ending, string>;
type BullWorker = Worker<JobData, Ending, string>;

/**
 * The queue of a fleet: BullMQ on Redis, Redis Cluster or Redis with Sentinels. BullMQ keeps jobs, priorities, locks and events;
 * scripts of our own add fairness between workspaces and what the contract asks beyond BullMQ.
 *
 * Any number of processes open it; each hears all events, through outages up to the stream's length, and finds out what it
 * missed after longer ones. A worker that dies or is cut off loses its jobs to others once its locks have run out; such a job
 * comes before all that wait.
 *
 * What Redis can lose, and what then happens. A failover loses the writes of its last moments that no replica had:
 * a lost `add` leaves a job that only the database knows, until it is added again from there; a lost `take` or `finish` puts
 * the job back in line, to be dropped by its next taker if the database says that it has ended. An answer that is lost on its
 * way makes ioredis send the command again, which at worst leaves a taken job without a taker until its lock has run out.
 * So a job may be given to two takers, never to none, and the first ending that the database keeps is the job's.
 */
export class BullQueue implements JobQueue {
  readonly #settings: RedisSettings;
  readonly #commands: RedisClient;
  readonly #queue: BullJobQueue;
  readonly #stream: EventStream;
  readonly #log: Logger;
  readonly #lockMilliseconds: number;
  readonly #store: Store;
  readonly #news: News;
  readonly #holds: Holds;
  readonly #intake: Intake<Hold>;
  readonly #listeners = new Set<(event: QueueEvent) => void>();
  readonly #lastProgress = new WeakMap<Hold, number>();
  readonly #closed = new AbortController();
  readonly #search: Timer;
  /** Makes the tokens of this process unlike all others'. */
  readonly #identity = randomUUID();
  #fetches = 0;
  #worker: Promise<BullWorker> | undefined;
  #closing: Promise<void> | undefined;

  private constructor(
    settings: RedisSettings,
    commands: RedisClient,
    queue: BullJobQueue,
    stream: EventStream,
    { log, lockSeconds = defaultLockSeconds }: BullQueueOptions,
  ) {
    this.#settings = settings;
    this.#commands = commands;
    this.#queue = queue;
    this.#stream = stream;
    this.#log = log;
    this.#lockMilliseconds = lockSeconds * 1000;
    this.#store = new Store(commands, (name) => queue.toKey(name), this.#closed.signal);
    this.#news = new News({
      workspaces: () => this.#store.workspaces(),
      release: (jobId) => this.#holds.release(jobId) !== undefined,
      tell: (event) => this.#tell(event),
    });
    const interval = this.#lockMilliseconds / renewalsPerLock;
    this.#holds = new Holds(
      {
        renew: (holds) => this.#store.renewLocks(holds, this.#lockMilliseconds),
        onLost: ({ job: { jobId, workspaceId } }) => {
          log.warn({ jobId }, 'a running job was taken over by another worker');
          this.#tell({ type: 'cancel', jobId, workspaceId });
        },
        onError: (error) => log.warn({ err: error }, 'locks of running jobs could not be renewed'),
      },
      interval,
    );
    this.#intake = new Intake({
      fetch: () => this.#fetch(),
      giveBack: ({ job }) => this.handBack(job.jobId, false),
      failed: async (error) => {
        log.warn({ err: error }, 'no job could be fetched');
        await pauseFor(afterErrorMilliseconds, this.#closed.signal);
      },
    });
    this.#search = setInterval(() => void this.#lookForStalled(interval), interval);
  }

  /** Throws when Redis does not answer within 30 s. */
  static async open(settings: RedisSettings, options: BullQueueOptions): Promise<BullQueue> {
    const { log, name = 'jobs' } = options;
    const commands = await connectRedis(settings, { name: 'giong-queue', log, commandTimeout: commandMilliseconds });
    const queue: BullJobQueue = new Queue(name, {
      connection: commands,
      prefix: keyPrefix,
      streams: { events: { maxLen: eventsKept } },
      defaultJobOptions: { removeOnComplete: true, removeOnFail: true },
    });
    queue.on('error', (error) => log.warn({ err: error }, 'queue'));
    await queue.waitUntilReady();
    const reader = await connectRedis(settings, { name: 'giong-events', log });
    const stream = await EventStream.open(reader, queue.toKey('events'), log);
    const opened = new BullQueue(settings, commands, queue, stream, options);
    await opened.#news.learn();
    stream.follow({
      onEntry: (fields) => opened.#news.hear(fields),
      onGap: () => opened.#news.catchUp(),
    });
    return opened;
  }

  async add(job: QueuedJob): Promise<void> {
    const { jobId, workspaceId, priority, seconds } = job;
    await this.#store.patiently(() => this.#queue.add(workspaceId, { seconds }, { jobId, priority: rankOf(priority) }));
    await this.#store.enter(job);
  }

  async take(signal: AbortSignal): Promise<TakenJob | undefined> {
    const hold = await this.#intake.take(AbortSignal.any([signal, this.#closed.signal]));
    return hold?.job;
  }

  async progress(jobId: string, fraction: number): Promise<void> {
    const hold = this.#holds.find(jobId);
    if (!hold) return;
    const now = performance.now();
    const last = this.#lastProgress.get(hold);
    if (last !== undefined && now - last < progressMilliseconds) return;
    this.#lastProgress.set(hold, now);
    try {
      await this.#queue.getBackend().updateProgress(jobId, fraction);
    } catch (error) {
      // Nobody needs these news later, and no work stops for them.
      this.#log.debug({ err: error, jobId }, 'progress was not told');
    }
  }

  async finish(jobId: string): Promise<void> {
    this.#holds.release(jobId);
    await this.#remove(jobId, { cancelled: false });
  }

  async handBack(jobId: string, countsAttempt: boolean): Promise<void> {
    const hold = this.#holds.release(jobId);
    if (!hold) return;
    if (countsAttempt) await this.#store.countCrash(jobId);
    try {
      await this.#store.patiently(() => this.#queue.getBackend().moveJobFromActiveToWait(jobId, hold.token));
    } catch (error) {
      // It ended or went to another meanwhile.
      if (!isRace(error)) throw error;
    }
    // BullMQ wakes nobody for a job that comes back with a priority.
    await this.#store.wake();
  }

  async cancel(jobId: string): Promise<void> {
    await this.#remove(jobId, { cancelled: true });
  }

  async cancelMany(jobIds: readonly string[]): Promise<void> {
    await Promise.all(jobIds.map((jobId) => this.cancel(jobId)));
  }

  states(jobIds: readonly string[]): Promise<Map<string, QueueState>> {
    return this.#store.states(jobIds);
  }

  counts(): Promise<QueueCounts> {
    return this.#store.counts();
  }

  async recover(): Promise<number> {
    const worker = await this.#openWorker();
    let recovered = 0;
    // BullMQ first marks the running jobs, then moves those of them that are without a lock.
    for (let round = 0; round < 2; round++) {
      await this.#store.lookForStalledNow();
      recovered += (await this.#store.patiently(() => worker.getBackend().moveStalledJobsToWait())).length;
    }
    await this.#store.recount();
    return recovered;
  }

  subscribe(listener: (event: QueueEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Jobs that are still held stay so until their locks have run out. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#closed.abort();
    clearInterval(this.#search);
    this.#listeners.clear();
    const worker = await this.#worker?.catch(() => undefined);
    // Each connection takes two seconds when the network is gone.
    await Promise.all([this.#stream.close(), worker?.close(true)]);
    await this.#intake.idle();
    await this.#holds.close();
    await this.#queue.close();
    await disconnectRedis(this.#commands);
  }

  /** Has connections of its own, so that processes which take nothing do without. */
  #openWorker(): Promise<BullWorker> {
    this.#worker ??= this.#createWorker().catch((error: unknown) => {
      this.#worker = undefined;
      throw error;
    });
    return this.#worker;
  }

  async #createWorker(): Promise<BullWorker> {
    // Waits for its answers however long: one that came for nobody would leave a job with nobody.
    const connection = await connectRedis(this.#settings, { name: 'giong-worker', log: this.#log });
    const worker: BullWorker = new Worker(this.#queue.name, null, {
      connection,
      prefix: keyPrefix,
      autorun: false,
      lockDuration: this.#lockMilliseconds,
      drainDelay: drainSeconds,
      maxStalledCount: anyNumberOfTimes,
      // Our own searches are spaced by `mayLookForStalled`.
      stalledInterval: 1,
    });
    worker.on('error', (error) => this.#log.warn({ err: error }, 'queue worker'));
    worker.once('closed', () => connection.disconnect());
    try {
      await worker.waitUntilReady();
      return worker;
    } catch (error) {
      await worker.close(true);
      throw error;
    }
  }

  async #fetch(): Promise<Hold | undefined> {
    const worker = await this.#openWorker();
    const token = `${this.#identity}-${++this.#fetches}`;
    const job = await worker.getNextJob(token);
    if (job?.id === undefined) return undefined;
    const crashes = await this.#store.beginTurn(job.id, job.priority);
    const hold: Hold = {
      job: {
        jobId: job.id,
        workspaceId: job.name,
        priority: priorityOf(job.priority),
        seconds: job.data.seconds,
        attempt: 1 + job.stalledCounter + crashes,
      },
      token,
      begun: job.attemptsStarted,
    };
    this.#holds.add(hold);
    return hold;
  }

  async #lookForStalled(interval: number): Promise<void> {
    try {
      const worker = await this.#worker;
      if (!worker || !(await this.#store.mayLookForStalled(interval))) return;
      for (const jobId of await worker.getBackend().moveStalledJobsToWait()) {
        this.#log.warn({ jobId }, 'a worker vanished; its job goes to another');
      }
    } catch (error) {
      if (!this.#closed.signal.aborted) this.#log.warn({ err: error }, 'vanished workers could not be looked for');
    }
  }

  /** Takes the job out, whether it waits, runs here or elsewhere, or has lost its worker. */
  async #remove(jobId: string, ending: Ending): Promise<void> {
    const tries = 10;
    for (let count = 1; ; count++) {
      const job = await this.#store.patiently(() => Job.fromId<JobData, Ending, string>(this.#queue, jobId));
      if (!job) return;
      const token = await this.#store.lockOf(jobId);
      try {
        await this.#store.patiently(() => (token ? job.moveToCompleted(ending, token, false) : job.remove()));
        return this.#store.leave(jobId, job.name, job.priority);
      } catch (error) {
        // It was begun, handed back or removed since we looked.
        if (!isRace(error) || count === tries) throw error;
      }
    }
  }

  #tell(event: QueueEvent): void {
    for (const listener of this.#listeners) listener(event);
  }
}

/** BullMQ found the job in another state than we did: gone (-1), without lock (-2), not active (-3), or locked by another (-6, or words). */
function isRace(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if ('code' in error && [-1, -2, -3, -6].includes(Number(error.code))) return true;
  return error.message.includes('locked by another worker');
}
