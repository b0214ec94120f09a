import { UnavailableError } from '#core/errors.ts';
import type { JobQuota } from '../limits/job-quota.ts';
import type { AppContext } from './context.ts';

/** How soon to come back: a job or two of the workspace's has ended by then. */
const retrySeconds = 30;

/** Throws `UnavailableError('queue-full')`, and says when to come back, where the workspace has no room for so many jobs more. */
export async function requireQueueRoom(c: AppContext, quota: JobQuota, workspaceId: string, jobs = 1): Promise<void> {
  try {
    await quota.requireRoom(workspaceId, jobs);
  } catch (error) {
    if (error instanceof UnavailableError) c.header('Retry-After', String(retrySeconds));
    throw error;
  }
}
