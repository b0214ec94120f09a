import { throwIfCancelled } from '../errors.ts';
import type { Control } from './engine.ts';

/** Longest stretch of work without giving the event loop a turn, in ms. */
const LONGEST_TURN = 60;

/**
 * Reports that `fraction` (0 … 1) of a stage is done. Gives other tasks of the thread a turn now and then, so that a
 * message that cancels can arrive. Throws `CancelledError`.
 */
export type Pace<Stage extends string> = (stage: Stage, fraction: number) => Promise<void>;

/**
 * Progress of work that is done stage by stage, in the order of `weights`, which say how long each takes. Reported
 * progress never falls and stays below 1: the caller reports 1 at the very end.
 */
export function createPace<Stage extends string>(
  weights: Readonly<Record<Stage, number>>,
  control: Control = {},
): Pace<Stage> {
  const starts = new Map<Stage, number>();
  let total = 0;
  for (const [stage, weight] of Object.entries(weights) as [Stage, number][]) {
    starts.set(stage, total);
    total += weight;
  }
  let reported = 0;
  let turnBegan = Date.now();
  return async (stage, fraction) => {
    throwIfCancelled(control.signal);
    const done = ((starts.get(stage) ?? 0) + weights[stage] * fraction) / total;
    if (done > reported && done < 1) {
      reported = done;
      control.onProgress?.(done);
    }
    if (Date.now() - turnBegan < LONGEST_TURN) return;
    await new Promise<void>((resolve) => setTimeout(resolve, 0));
    turnBegan = Date.now();
    throwIfCancelled(control.signal);
  };
}
