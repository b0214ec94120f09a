import type { QueueEvent } from '../queue.ts';

export interface NewsParts {
  /** The workspace of every job in the queue, by the job's id. */
  workspaces(): Promise<Map<string, string>>;
  /** This process works on the job no more, for it has left the queue. Answers whether it did until now. */
  release(jobId: string): boolean;
  tell(event: QueueEvent): void;
}

/** What `moveToCompleted` gets as the job's result, for the event to carry it. */
export interface Ending {
  readonly cancelled: boolean;
}

/** Turns BullMQ's events into ours. Most of BullMQ's name the job alone, so it keeps the workspace of every unfinished job. */
export class News {
  readonly #parts: NewsParts;
  #workspaces = new Map<string, string>();

  constructor(parts: NewsParts) {
    this.#parts = parts;
  }

  /** Learns of the jobs that are there. Events since before this call may follow. */
  async learn(): Promise<void> {
    this.#workspaces = await this.#parts.workspaces();
  }

  /** Events were missed: tells of every job that they may have been about. */
  async catchUp(): Promise<void> {
    const before = this.#workspaces;
    await this.learn();
    for (const [jobId, workspaceId] of before) {
      if (!this.#workspaces.has(jobId)) this.#left(jobId, workspaceId, false);
    }
    for (const [jobId, workspaceId] of this.#workspaces) this.#parts.tell({ type: 'queued', jobId, workspaceId });
  }

  /** One entry of BullMQ's stream of events. */
  hear(fields: ReadonlyMap<string, string>): void {
    const jobId = fields.get('jobId');
    if (jobId === undefined) return;
    const type = fields.get('event');
    if (type === 'added') this.#workspaces.set(jobId, fields.get('name') ?? '');
    const workspaceId = this.#workspaces.get(jobId);
    if (workspaceId === undefined) return;
    const { tell } = this.#parts;
    switch (type) {
      case 'added':
        tell({ type: 'queued', jobId, workspaceId });
        break;
      case 'waiting':
        // BullMQ says so of new jobs too, right after `added`.
        if (fields.get('prev') === 'active') tell({ type: 'queued', jobId, workspaceId });
        break;
      case 'active':
        tell({ type: 'active', jobId, workspaceId });
        break;
      case 'progress':
        tell({ type: 'progress', jobId, workspaceId, progress: Number(fields.get('data')) });
        break;
      case 'completed': {
        const { cancelled } = JSON.parse(fields.get('returnvalue') ?? '{}') as Partial<Ending>;
        this.#left(jobId, workspaceId, cancelled === true);
        break;
      }
      case 'removed':
        // Removed while it ran: its worker had been silent for too long, and may still be at it.
        this.#left(jobId, workspaceId, fields.get('prev') === 'active');
        break;
    }
  }

  #left(jobId: string, workspaceId: string, mustStop: boolean): void {
    this.#workspaces.delete(jobId);
    const { release, tell } = this.#parts;
    if (release(jobId) || mustStop) tell({ type: 'cancel', jobId, workspaceId });
    tell({ type: 'finished', jobId, workspaceId });
  }
}
