/** A part of a recording that is played over and over. Seconds. */
export interface Loop {
  readonly start: number;
  readonly end: number;
}

/** Shorter parts cannot be listened to. Seconds. */
const shortestLoop = 0.1;

/** The part between two instants, in whichever order; undefined when it is too short. */
export function loopBetween(one: number, other: number, duration: number): Loop | undefined {
  const within = (seconds: number) => Math.max(0, Math.min(seconds, duration));
  const [start, end] = one < other ? [within(one), within(other)] : [within(other), within(one)];
  return end - start < shortestLoop ? undefined : { start, end };
}

/** The same part begun at another instant: up to its end where that is later, else up to the recording's. */
export function withStart(loop: Loop | undefined, start: number, duration: number): Loop | undefined {
  return (
    (loop && start < loop.end ? loopBetween(start, loop.end, duration) : undefined) ??
    loopBetween(start, duration, duration)
  );
}

/** The same part ended at another instant: from its start where that is earlier, else from the recording's. */
export function withEnd(loop: Loop | undefined, end: number, duration: number): Loop | undefined {
  return (
    (loop && end > loop.start ? loopBetween(loop.start, end, duration) : undefined) ?? loopBetween(0, end, duration)
  );
}
