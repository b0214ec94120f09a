import { InputError } from '#core/errors.ts';
import type { Job, LiveMessage } from '../http/api-types.ts';
import type { JobService } from '../jobs/job-service.ts';
import type { Load, Pace, Work } from '../jobs/pace.ts';
import type { JobQueue, QueueEvent } from '../jobs/queue.ts';
import type { Language } from '../language.ts';
import type { Logger } from '../observe/log.ts';

/** One open socket. */
export interface LiveClient {
  readonly workspaceId: string;
  readonly language: Language;
  send(message: LiveMessage): void;
  /** Nothing more comes here: it had better come back later, or elsewhere. */
  close(): void;
  /** Its workspace is gone: nothing comes here any more, nor elsewhere. */
  dismiss(): void;
}

export interface LiveHubParts {
  readonly queue: Pick<JobQueue, 'subscribe'>;
  readonly jobs: Pick<JobService, 'current' | 'get' | 'unfinishedIds'>;
  readonly pace: Pick<Pace, 'remaining'>;
  readonly log: Logger;
  /** How often ends are looked for that no event told of, in milliseconds. */
  readonly lookMilliseconds?: number;
}

/** What is told of a running job's progress needs no question to anybody. */
interface Running {
  readonly work: Work;
  readonly startedAt: string;
}

const defaultLookMilliseconds = 10_000;

/** Brings the news of the queue to the sockets of the workspace that it concerns, in order. */
export class LiveHub {
  readonly #parts: LiveHubParts;
  readonly #clients = new Map<string, Set<LiveClient>>();
  /** Of jobs whose workspace has a socket here, by id. */
  readonly #running = new Map<string, Running>();
  /** The last delivery of each workspace: the next one waits for it. */
  readonly #deliveries = new Map<string, Promise<void>>();
  /** Jobs last told of as unfinished, by workspace. */
  readonly #unfinished = new Map<string, Set<string>>();
  readonly #unsubscribe: () => void;
  readonly #looking: Timer;

  constructor(parts: LiveHubParts) {
    this.#parts = parts;
    this.#unsubscribe = parts.queue.subscribe((event) => this.#hear(event));
    this.#looking = setInterval(() => this.#lookForEnds(), parts.lookMilliseconds ?? defaultLookMilliseconds);
  }

  /** Greets the client with the workspace's current jobs and tells it all news from then on. */
  join(client: LiveClient): void {
    const clients = this.#clients.get(client.workspaceId) ?? new Set();
    this.#clients.set(client.workspaceId, clients);
    void this.#enqueue(client.workspaceId, async () => {
      try {
        const jobs = await this.#parts.jobs.current(client.workspaceId, client.language);
        for (const job of jobs) this.#remember(job, client.workspaceId);
        client.send({ type: 'hello', jobs });
        clients.add(client);
      } catch (error) {
        client.close();
        throw error;
      }
    });
  }

  leave(client: LiveClient): void {
    void this.#enqueue(client.workspaceId, async () => {
      const clients = this.#clients.get(client.workspaceId);
      clients?.delete(client);
      if (clients?.size === 0) this.#clients.delete(client.workspaceId);
    });
  }

  /** Tells everybody who is greeted, whatever their workspace. */
  broadcast(messageFor: (language: Language) => LiveMessage): void {
    for (const client of [...this.#clients.values()].flatMap((clients) => [...clients])) {
      client.send(messageFor(client.language));
    }
  }

  /** Tells the sockets of a workspace that all it had is gone, after what there was to tell before, and closes them. */
  async dismiss(workspaceId: string): Promise<void> {
    await this.#enqueue(workspaceId, async () => {
      const clients = this.#clients.get(workspaceId) ?? [];
      this.#clients.delete(workspaceId);
      for (const client of clients) {
        client.send({ type: 'cleared' });
        client.dismiss();
      }
    });
  }

  /** Tells nobody anything more, and lets everybody go to another server. */
  close(): void {
    this.#unsubscribe();
    clearInterval(this.#looking);
    for (const clients of this.#clients.values()) for (const client of clients) client.close();
    this.#clients.clear();
  }

  #hear(event: QueueEvent): void {
    if (event.type === 'cancel') return;
    if (!this.#clients.has(event.workspaceId)) {
      this.#running.delete(event.jobId);
      return;
    }
    void this.#enqueue(event.workspaceId, () =>
      event.type === 'progress' ? this.#tellProgress(event) : this.#tellJob(event),
    );
  }

  async #tellJob({ jobId, workspaceId }: QueueEvent): Promise<void> {
    for (const [language, clients] of this.#byLanguage(workspaceId)) {
      const job = await this.#parts.jobs.get(workspaceId, jobId, language).catch(undefinedIfGone);
      if (!job) return this.#forget(jobId, workspaceId);
      this.#remember(job, workspaceId);
      for (const client of clients) client.send({ type: 'job', job });
    }
  }

  async #tellProgress({ jobId, workspaceId, progress }: QueueEvent & { type: 'progress' }): Promise<void> {
    const running = this.#running.get(jobId);
    // Its beginning was missed in an outage: the job itself says as much as the progress would.
    if (!running) return this.#tellJob({ type: 'active', jobId, workspaceId });
    const { work, startedAt } = running;
    const state = { status: 'active', progress, startedAt } as const;
    const etaSeconds = this.#parts.pace.remaining(work, state, noLoad, Date.now());
    for (const client of this.#clients.get(workspaceId) ?? []) {
      client.send({ type: 'progress', id: jobId, progress, etaSeconds });
    }
  }

  /** A queue that lost a job while it ran tells nobody of its end: the database knows. */
  #lookForEnds(): void {
    for (const [workspaceId, told] of this.#unfinished) {
      if (told.size === 0 || !this.#clients.has(workspaceId)) {
        this.#unfinished.delete(workspaceId);
        continue;
      }
      void this.#enqueue(workspaceId, async () => {
        const open = new Set(await this.#parts.jobs.unfinishedIds(workspaceId));
        const ended = [...told].filter((jobId) => !open.has(jobId));
        for (const jobId of ended) await this.#tellJob({ type: 'finished', jobId, workspaceId });
      });
    }
  }

  #remember({ id, status, startedAt, finishedAt, source, engine, options }: Job, workspaceId: string): void {
    const unfinished = this.#unfinished.get(workspaceId) ?? new Set();
    this.#unfinished.set(workspaceId, unfinished);
    if (finishedAt === null) unfinished.add(id);
    else unfinished.delete(id);
    const work = { engine, options, seconds: source.seconds };
    if (status === 'active' && startedAt !== null) this.#running.set(id, { work, startedAt });
    else this.#running.delete(id);
  }

  /** It was deleted: there is nothing to tell of it any more. */
  #forget(jobId: string, workspaceId: string): void {
    this.#running.delete(jobId);
    this.#unfinished.get(workspaceId)?.delete(jobId);
  }

  #byLanguage(workspaceId: string): Map<Language, LiveClient[]> {
    return Map.groupBy(this.#clients.get(workspaceId) ?? [], ({ language }) => language);
  }

  #enqueue(workspaceId: string, deliver: () => Promise<void>): Promise<void> {
    const before = this.#deliveries.get(workspaceId) ?? Promise.resolve();
    const delivery = before.then(deliver).catch((error: unknown) => {
      this.#parts.log.error({ err: error }, 'live news could not be delivered');
    });
    this.#deliveries.set(workspaceId, delivery);
    void delivery.then(() => {
      if (this.#deliveries.get(workspaceId) === delivery) this.#deliveries.delete(workspaceId);
    });
    return delivery;
  }
}

function undefinedIfGone(error: unknown): undefined {
  if (error instanceof InputError && error.code === 'not-found') return;
  throw error;
}

/** The time that a running job still takes does not depend on those that wait. */
const noLoad: Load = { counts: { queuedSeconds: 0, activeSeconds: 0 }, work: [] };
