import { UnavailableError } from '#core/errors.ts';
import type { JobRepository } from '../data/jobs.ts';

/** How many unfinished jobs a workspace may have at a time. */
export class JobQuota {
  readonly #jobs: Pick<JobRepository, 'countUnfinished'>;
  readonly #limit: number;

  /** `limit` 0: as many as they like. */
  constructor(jobs: Pick<JobRepository, 'countUnfinished'>, limit: number) {
    this.#jobs = jobs;
    this.#limit = limit;
  }

  /**
   * Asks for room for so many jobs more. Requests at the same moment may each find the last place free: the limit protects
   * the queue, it is no account. Throws `UnavailableError('queue-full', { limit })`.
   */
  async requireRoom(workspaceId: string, jobs = 1): Promise<void> {
    if (this.#limit === 0) return;
    const unfinished = await this.#jobs.countUnfinished(workspaceId);
    if (unfinished + jobs > this.#limit) throw new UnavailableError('queue-full', { limit: this.#limit });
  }
}
