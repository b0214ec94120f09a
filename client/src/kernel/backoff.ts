const firstDelayMilliseconds = 500;
const longestDelayMilliseconds = 15_000;

/**
 * How long to wait before try number `attempt` (0 is the first retry): doubles each time up to 15 s, then drawn between half and the
 * whole of that, so that many clients do not come back at the same instant.
 *
 * @param random number in 0..1
 */
export function backoffMilliseconds(attempt: number, random: number): number {
  const ceiling = Math.min(longestDelayMilliseconds, firstDelayMilliseconds * 2 ** attempt);
  return Math.round(ceiling * (0.5 + random / 2));
}
