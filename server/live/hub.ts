import type { LiveMessage } from '../http/api-types.ts';
import type { JobService } from '../jobs/job-service.ts';
import type { JobQueue, QueueEvent } from '../jobs/queue.ts';
import type { Language } from '../language.ts';
import type { Logger } from '../observe/log.ts';

/** One open socket. */
export interface LiveClient {
  readonly workspaceId: string;
  readonly language: Language;
  send(message: LiveMessage): void;
}

/** Brings the news of the queue to the sockets of the workspace that it concerns, in order. */
export class LiveHub {
  readonly #jobs: JobService;
  readonly #log: Logger;
  readonly #clients = new Map<string, Set<LiveClient>>();
  /** The last delivery of each workspace: the next one waits for it. */
  readonly #deliveries = new Map<string, Promise<void>>();
  readonly #unsubscribe: () => void;

  constructor(queue: JobQueue, jobs: JobService, log: Logger) {
    this.#jobs = jobs;
    this.#log = log;
    this.#unsubscribe = queue.subscribe((event) => this.#hear(event));
  }

  /** Greets the client with the workspace's unfinished jobs and tells it all news from then on. */
  join(client: LiveClient): void {
    const clients = this.#clients.get(client.workspaceId) ?? new Set();
    this.#clients.set(client.workspaceId, clients);
    this.#enqueue(client.workspaceId, async () => {
      const jobs = await this.#jobs.unfinished(client.workspaceId, client.language);
      client.send({ type: 'hello', jobs });
      clients.add(client);
    });
  }

  leave(client: LiveClient): void {
    this.#enqueue(client.workspaceId, async () => {
      const clients = this.#clients.get(client.workspaceId);
      clients?.delete(client);
      if (clients?.size === 0) this.#clients.delete(client.workspaceId);
    });
  }

  close(): void {
    this.#unsubscribe();
    this.#clients.clear();
  }

  #hear(event: QueueEvent): void {
    if (event.type === 'cancel' || !this.#clients.has(event.workspaceId)) return;
    this.#enqueue(event.workspaceId, () => this.#tell(event));
  }

  async #tell({ type, jobId, workspaceId }: QueueEvent): Promise<void> {
    for (const client of this.#clients.get(workspaceId) ?? []) {
      const job = await this.#jobs.get(workspaceId, jobId, client.language);
      if (type !== 'progress') client.send({ type: 'job', job });
      // Between the event and its delivery the job may have ended, which another event tells.
      else if (job.status === 'active') {
        client.send({ type: 'progress', id: jobId, progress: job.progress, etaSeconds: job.etaSeconds });
      }
    }
  }

  #enqueue(workspaceId: string, deliver: () => Promise<void>): void {
    const before = this.#deliveries.get(workspaceId) ?? Promise.resolve();
    const delivery = before.then(deliver).catch((error: unknown) => {
      this.#log.error({ err: error }, 'live news could not be delivered');
    });
    this.#deliveries.set(workspaceId, delivery);
    void delivery.then(() => {
      if (this.#deliveries.get(workspaceId) === delivery) this.#deliveries.delete(workspaceId);
    });
  }
}
