import type { QueueCounts, QueueState } from './queue.ts';

/** Seconds of audio that one worker converts in a second, assumed until the first job has shown it. */
const initialPace = 10;
/** Weight of the newest job in the running mean. */
const newestWeight = 0.3;
/** Below this progress the elapsed time says little about the rest. */
const telling = 0.1;

/** How fast this server converts, learned from the jobs that it does, and the times that follow from it. */
export class Pace {
  #workers: () => number;
  #audioSecondsPerSecond = initialPace;

  /** `workers` tells how many jobs run at once, on all hosts together. */
  constructor(workers: () => number) {
    this.#workers = workers;
  }

  /** From now on this tells how many jobs run at once. */
  follow(workers: () => number): void {
    this.#workers = workers;
  }

  /** A job of `audioSeconds` took `wallSeconds`. */
  observe(audioSeconds: number, wallSeconds: number): void {
    if (audioSeconds <= 0 || wallSeconds <= 0) return;
    this.#audioSecondsPerSecond += newestWeight * (audioSeconds / wallSeconds - this.#audioSecondsPerSecond);
  }

  /** Seconds until a job that is put in line now begins; null when nobody works. */
  wait({ queuedSeconds, activeSeconds }: QueueCounts): number | null {
    const workers = this.#workers();
    if (workers === 0) return null;
    return (queuedSeconds + activeSeconds) / (this.#audioSecondsPerSecond * workers);
  }

  /** Seconds until a job is done, at the latest when it still waits; null when nobody works. */
  remaining(audioSeconds: number, state: QueueState, counts: QueueCounts, now: number): number | null {
    if (state.status === 'queued') {
      const wait = this.wait(counts);
      return wait === null ? null : Math.max(wait, audioSeconds / this.#audioSecondsPerSecond);
    }
    const { progress, startedAt } = state;
    if (progress < telling) return (audioSeconds * (1 - progress)) / this.#audioSecondsPerSecond;
    const elapsed = Math.max(0, now - Date.parse(startedAt)) / 1000;
    return (elapsed * (1 - progress)) / progress;
  }
}
