/** Below this share an estimate jumps about too much to be shown. */
const earliestShare = 0.08;

/** Seconds until done at the pace so far; undefined while that is a guess. */
export function secondsLeft(fraction: number | undefined, elapsedSeconds: number): number | undefined {
  if (fraction === undefined || fraction < earliestShare || fraction >= 1 || elapsedSeconds < 1) return undefined;
  return (elapsedSeconds * (1 - fraction)) / fraction;
}
