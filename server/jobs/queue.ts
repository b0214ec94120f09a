export const priorities = ['admin', 'paid', 'normal'] as const;
export type Priority = (typeof priorities)[number];

/** What the queue keeps of a job: enough to decide whose turn it is. */
export interface QueuedJob {
  readonly jobId: string;
  readonly workspaceId: string;
  readonly priority: Priority;
  /** Seconds of source audio. */
  readonly seconds: number;
}

/** A job that a worker has begun. */
export interface TakenJob extends QueuedJob {
  /** 1 the first time; grows when a worker or the whole process died over the job. */
  readonly attempt: number;
}

/** Where an unfinished job stands. */
export type QueueState =
  | { readonly status: 'queued' }
  | { readonly status: 'active'; readonly progress: number; readonly startedAt: string };

export type QueueEvent =
  /** The job's status changed: ask the database and the queue for the new one. `finished`: it left the queue. */
  | { readonly type: 'queued' | 'active' | 'finished'; readonly jobId: string; readonly workspaceId: string }
  | { readonly type: 'progress'; readonly jobId: string; readonly workspaceId: string; readonly progress: number }
  /** Whoever runs the job must stop now. */
  | { readonly type: 'cancel'; readonly jobId: string; readonly workspaceId: string };

export interface QueueCounts {
  readonly queued: Readonly<Record<Priority, number>>;
  readonly active: number;
  /** Seconds of audio of the jobs that wait. */
  readonly queuedSeconds: number;
  /** Seconds of audio of the jobs that run, less what is done. */
  readonly activeSeconds: number;
}

/**
 * The line of jobs that wait and the ones that run. The database says what a job is and how it ended, and is written first;
 * the queue says whose turn it is and how far along it is. So a job that was lost here is put in again from there,
 * and one that lingers here after its end is dropped by whoever takes it.
 *
 * Every implementation passes `describeJobQueue` (queue.contract.ts).
 */
export interface JobQueue {
  /** Puts a job in line; one that is already in the queue stays where it is. */
  add(job: QueuedJob): Promise<void>;
  /**
   * The next job: the most urgent priority first, then by turns of the workspaces (fairness.ts), then first come first served.
   * Waits until there is one; undefined once the signal is aborted. A job is given to one taker only.
   */
  take(signal: AbortSignal): Promise<TakenJob | undefined>;
  /** Tells how far a running job is, 0–1. Of news that come quickly, some may be left out. */
  progress(jobId: string, fraction: number): Promise<void>;
  /** The job ended, however: it leaves the queue. Unknown jobs are no error. */
  finish(jobId: string): Promise<void>;
  /** A running job goes back in line, keeping its place: its worker died or is stopping. `countsAttempt`: the next one is a further attempt. */
  handBack(jobId: string, countsAttempt: boolean): Promise<void>;
  /** Takes the job out; if it runs, its runner hears `cancel`. */
  cancel(jobId: string): Promise<void>;
  /** The same as `cancel` of each. */
  cancelMany(jobIds: readonly string[]): Promise<void>;
  /** Where each of these jobs stands; those not in the queue are missing. */
  states(jobIds: readonly string[]): Promise<Map<string, QueueState>>;
  counts(): Promise<QueueCounts>;
  /** Puts the jobs of dead runners back in line; called at start. Answers how many. */
  recover(): Promise<number>;
  /**
   * Hears all events from now on, whichever process they come from, until the returned function is called: in order, but
   * perhaps some time after what they tell of. Listeners must not throw.
   */
  subscribe(listener: (event: QueueEvent) => void): () => void;
  close(): Promise<void>;
}
