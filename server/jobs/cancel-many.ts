import type { JobRepository } from '../data/jobs.ts';
import type { JobQueue } from './queue.ts';

/** Jobs that are cancelled in one go; between two, others have their turn. */
const chunkLength = 200;

/**
 * Cancels those of the jobs that wait, and on request those that run. The database is told first, then the queue, which tells the
 * users' sockets. Answers how many were cancelled.
 */
export async function cancelMany(
  { jobs, queue }: { readonly jobs: JobRepository; readonly queue: JobQueue },
  ids: readonly string[],
  { running }: { readonly running: boolean },
): Promise<number> {
  let count = 0;
  for (let start = 0; start < ids.length; start += chunkLength) {
    const chunk = ids.slice(start, start + chunkLength);
    const states = await queue.states(chunk);
    const cancelled = await jobs.cancelWaiting(chunk.filter((id) => states.get(id)?.status !== 'active'));
    for (const [id, state] of running ? states : []) {
      if (state.status !== 'active') continue;
      if (await jobs.finish(id, { outcome: 'cancelled' }, state.startedAt)) cancelled.push(id);
    }
    await queue.cancelMany(cancelled);
    count += cancelled.length;
    // The embedded database answers without ever leaving this thread's turn.
    await new Promise((resolve) => setImmediate(resolve));
  }
  return count;
}
