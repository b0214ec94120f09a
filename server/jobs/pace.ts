import { effortOf } from '#core/engines/effort.ts';
import type { GivenSeedVcChoices } from '#core/engines/seed-vc/choices.ts';
import type { QueueCounts, QueueState } from './queue.ts';

/** Seconds of audio that one worker converts in a second with the default options, assumed until the first job has shown it. */
const initialSpeeds: Readonly<Record<string, number>> = { mini: 10, 'seed-vc-fast': 1 };
const slowestInitialSpeed = 0.3;
/** Weight of the newest job in the running mean. */
const newestWeight = 0.3;
/** Below this progress the elapsed time says little about the rest. */
const telling = 0.1;

/** What decides how long a conversion takes. */
export interface Work {
  readonly engine: string;
  readonly options: GivenSeedVcChoices;
  /** Of source audio. */
  readonly seconds: number;
}

/** What there is to do: how much audio, and of which engines' work it is made up. */
export interface Load {
  readonly counts: Pick<QueueCounts, 'queuedSeconds' | 'activeSeconds'>;
  /** All that has not ended. */
  readonly work: readonly Work[];
}

/** How fast this server converts with each engine, learned from the jobs that it does, and the times that follow from it. */
export class Pace {
  #workers: () => number;
  readonly #speeds = new Map<string, number>();

  /** `workers` tells how many jobs run at once, on all hosts together. */
  constructor(workers: () => number) {
    this.#workers = workers;
  }

  /** From now on this tells how many jobs run at once. */
  follow(workers: () => number): void {
    this.#workers = workers;
  }

  /** A job took `wallSeconds`. */
  observe(work: Work, wallSeconds: number): void {
    const { engine, options, seconds } = work;
    if (seconds <= 0 || wallSeconds <= 0) return;
    const before = this.#speed(engine);
    const speed = (seconds * effortOf(engine, options)) / wallSeconds;
    this.#speeds.set(engine, before + newestWeight * (speed - before));
  }

  /** Seconds of audio that one worker converts in a second with the engine's default options; null before the first job has shown it. */
  measured(engine: string): number | null {
    return this.#speeds.get(engine) ?? null;
  }

  /** Seconds until a job that is put in line now begins; null when nobody works. */
  wait({ counts, work }: Load): number | null {
    const workers = this.#workers();
    if (workers === 0) return null;
    return ((counts.queuedSeconds + counts.activeSeconds) * this.#meanCost(work)) / workers;
  }

  /** Seconds until a job is done, at the latest when it still waits; null when nobody works. */
  remaining(work: Work, state: QueueState, load: Load, now: number): number | null {
    if (state.status === 'queued') {
      const wait = this.wait(load);
      return wait === null ? null : Math.max(wait, this.#duration(work));
    }
    const { progress, startedAt } = state;
    if (progress < telling) return this.#duration(work) * (1 - progress);
    const elapsed = Math.max(0, now - Date.parse(startedAt)) / 1000;
    return (elapsed * (1 - progress)) / progress;
  }

  #speed(engine: string): number {
    return this.#speeds.get(engine) ?? initialSpeeds[engine] ?? slowestInitialSpeed;
  }

  #duration({ engine, options, seconds }: Work): number {
    return (seconds * effortOf(engine, options)) / this.#speed(engine);
  }

  /** Seconds that a second of the audio takes on one worker. */
  #meanCost(work: readonly Work[]): number {
    const audio = work.reduce((sum, { seconds }) => sum + seconds, 0);
    if (audio === 0) return 1 / this.#speed('mini');
    return work.reduce((sum, each) => sum + this.#duration(each), 0) / audio;
  }
}
