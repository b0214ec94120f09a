import type { RedisClient } from '../../redis/connection.ts';
import { outlast } from '../../redis/outage.ts';
import type { Script } from '../../redis/script.ts';
import { turnLength } from '../fairness.ts';
import { type Priority, priorities, type QueueCounts, type QueuedJob, type QueueState } from '../queue.ts';
import type { Hold } from './holds.ts';
import * as scripts from './scripts.ts';

/** The longest outage that a caller of the queue waits out. */
const patienceMilliseconds = 20_000;

/** Seconds of audio of each job, and of all. */
const secondsKeys = ['seconds', 'seconds-sum'] as const;

/** What we ask Redis beyond BullMQ, in our words. All of it waits out an outage, and may be done twice. */
export class Store {
  readonly #client: RedisClient;
  readonly #key: (name: string) => string;
  readonly #closed: AbortSignal;

  /** `key` gives BullMQ's keys of this queue by their names. */
  constructor(client: RedisClient, key: (name: string) => string, closed: AbortSignal) {
    this.#client = client;
    this.#key = key;
    this.#closed = closed;
  }

  /** Does what BullMQ does, as patiently. Throws when the outage lasts longer than 20 s. */
  patiently<Answer>(attempt: () => Promise<Answer>): Promise<Answer> {
    return outlast(attempt, patienceMilliseconds, this.#closed);
  }

  /** The job was added: its turn, and its seconds. */
  async enter({ jobId, workspaceId, priority, seconds }: QueuedJob): Promise<void> {
    const rank = rankOf(priority);
    const keys = [
      ...this.#keys(jobId, 'prioritized'),
      this.#turnEnds(workspaceId, rank),
      ...this.#keys('turns-now', 'arrivals', ...secondsKeys),
    ];
    await this.#run(scripts.enter, keys, [jobId, rank, turnLength(seconds), seconds]);
  }

  /** The job has left the queue. */
  async leave(jobId: string, workspaceId: string, rank: number): Promise<void> {
    await this.#run(scripts.leave, [this.#turnEnds(workspaceId, rank), ...this.#keys(...secondsKeys)], [jobId]);
  }

  /** Counts no more the seconds of jobs whose process died between taking them out and saying so. */
  async recount(): Promise<void> {
    await this.#run(scripts.recount, this.#keys(...secondsKeys), [this.#key('')]);
  }

  /** Answers how often the job was handed back after a crash. */
  async beginTurn(jobId: string, rank: number): Promise<number> {
    return Number(await this.#run(scripts.beginTurn, this.#keys(jobId, 'turns-now'), [rank]));
  }

  async countCrash(jobId: string): Promise<void> {
    await this.#run(scripts.countCrash, this.#keys(jobId), []);
  }

  /** Wakes one taker. */
  async wake(): Promise<void> {
    await this.patiently(() => this.#client.zadd(this.#key('marker'), 0, '0'));
  }

  async lockOf(jobId: string): Promise<string | null> {
    return this.patiently(() => this.#client.get(this.#key(`${jobId}:lock`)));
  }

  /** Answers the ids of jobs that belong to others now. */
  async renewLocks(holds: readonly Hold[], milliseconds: number): Promise<string[]> {
    const values = holds.flatMap(({ job, token, begun }) => [job.jobId, token, begun]);
    const keys = this.#keys('active', 'stalled');
    return (await scripts.renewLocks.run(this.#client, keys, [this.#key(''), milliseconds, ...values])) as string[];
  }

  async mayLookForStalled(intervalMilliseconds: number): Promise<boolean> {
    const keys = this.#keys('looked', 'stalled');
    return Boolean(await scripts.mayLookForStalled.run(this.#client, keys, [intervalMilliseconds]));
  }

  /** BullMQ's own spacing of the searches for vanished workers: let the next one be now. */
  async lookForStalledNow(): Promise<void> {
    await this.patiently(() => this.#client.del(this.#key('stalled-check')));
  }

  async states(jobIds: readonly string[]): Promise<Map<string, QueueState>> {
    const answer = await this.#run(scripts.readStates, this.#keys('active'), [this.#key(''), ...jobIds]);
    return new Map(
      (answer as [string, string, string][]).map(([jobId, begun, progress]) => [
        jobId,
        begun === ''
          ? { status: 'queued' }
          : { status: 'active', startedAt: new Date(Number(begun)).toISOString(), progress: Number(progress) },
      ]),
    );
  }

  async counts(): Promise<QueueCounts> {
    const keys = [...this.#lists(), this.#key('seconds-sum')];
    const answer = await this.#run(scripts.countJobs, keys, [this.#key(''), priorities.length]);
    const [active = 0, activeSeconds = 0, queuedSeconds = 0, ...queued] = (answer as (number | string)[]).map(Number);
    const count = (priority: Priority) => queued[rankOf(priority) - 1] ?? 0;
    return {
      queued: { admin: count('admin'), paid: count('paid'), normal: count('normal') },
      active,
      queuedSeconds,
      activeSeconds,
    };
  }

  /** The workspace of every job, by its id. */
  async workspaces(): Promise<Map<string, string>> {
    const answer = (await this.#run(scripts.listJobs, this.#lists(), [this.#key('')])) as string[];
    const workspaces = new Map<string, string>();
    for (let index = 0; index + 1 < answer.length; index += 2) {
      workspaces.set(answer[index] ?? '', answer[index + 1] ?? '');
    }
    return workspaces;
  }

  #lists(): string[] {
    return this.#keys('active', 'wait', 'prioritized');
  }

  #turnEnds(workspaceId: string, rank: number): string {
    return this.#key(`turn-ends-${rank}-${workspaceId}`);
  }

  #keys(...names: string[]): string[] {
    return names.map((name) => this.#key(name));
  }

  #run(script: Script, keys: readonly string[], values: readonly (string | number)[]): Promise<unknown> {
    return this.patiently(() => script.run(this.#client, keys, values));
  }
}

/** BullMQ's priority: 1 is the most urgent. */
export function rankOf(priority: Priority): number {
  return priorities.indexOf(priority) + 1;
}

export function priorityOf(rank: number): Priority {
  return priorities[rank - 1] ?? 'normal';
}
