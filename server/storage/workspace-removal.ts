import type { JobRepository } from '../data/jobs.ts';
import type { WorkspaceRepository } from '../data/workspaces.ts';
import type { FileStore } from '../files/store.ts';
import { cancelMany } from '../jobs/cancel-many.ts';
import type { JobQueue } from '../jobs/queue.ts';

export interface WorkspaceRemovalParts {
  readonly workspaces: WorkspaceRepository;
  readonly jobs: JobRepository;
  readonly queue: JobQueue;
  readonly files: FileStore;
  /** Tells the sockets of the workspace, and closes them. */
  readonly dismiss: (workspaceId: string) => Promise<void>;
}

/**
 * Removes all that a workspace has and every way into it. Should it break off half-way, no way in is left, and what the rest was
 * goes by its age. Idempotent requests are not known by their workspace; they end within a day.
 */
export class WorkspaceRemoval {
  readonly #parts: WorkspaceRemovalParts;

  constructor(parts: WorkspaceRemovalParts) {
    this.#parts = parts;
  }

  async remove(workspaceId: string): Promise<void> {
    const { workspaces, jobs, queue, files, dismiss } = this.#parts;
    await workspaces.close(workspaceId);
    // A request that came in before may still put jobs in line.
    for (let ids = await jobs.unfinishedIds(workspaceId); ids.length > 0; ids = await jobs.unfinishedIds(workspaceId)) {
      await cancelMany({ jobs, queue }, ids, { running: true });
    }
    await dismiss(workspaceId);
    await workspaces.removeRecords(workspaceId);
    await files.removeAll(workspaceId);
  }
}
