/** Timing of alternatives against each other on a machine that may be busy with other things. */
import { median } from '../statistics.ts';

export interface Timing {
  /** Median time of one call in microseconds. */
  readonly microseconds: number;
  /** Median over the rounds of this one's time by the first one's: above 1 means that the first one is faster. */
  readonly ratio: number;
}

/** A round of one alternative lasts about this long: well below the slice that an operating system gives to somebody else. */
const ROUND_MILLISECONDS = 0.3;

/**
 * Times functions in turn, round after round, so that a busy moment strikes all of them; ratios are taken within a round.
 * The first function is the one that the others are compared with.
 */
export function inTurn<Name extends string>(functions: Record<Name, () => void>, rounds: number): Record<Name, Timing> {
  const entries = Object.entries<() => void>(functions);
  const calls = entries.map(([, call]) => callsPerRound(call));
  const times = entries.map((): number[] => []);
  for (let round = 0; round < rounds; round++) {
    for (const [index, [, call]] of entries.entries()) times[index]?.push(perCall(call, calls[index] ?? 1));
  }
  const timings = entries.map(([name], index): [string, Timing] => {
    const own = times[index] ?? [];
    const ratios = own.map((time, round) => time / (times[0]?.[round] ?? Number.NaN));
    return [name, { microseconds: 1000 * median(own), ratio: median(ratios) }];
  });
  return Object.fromEntries(timings) as Record<Name, Timing>;
}

/** Warms the function up (compilers look at what is hot) and finds how many calls fill a round. */
function callsPerRound(call: () => void): number {
  let calls = 1;
  let spent = 0;
  for (let total = 0; total < 40; total += spent) {
    spent = perCall(call, calls) * calls;
    if (spent < ROUND_MILLISECONDS) calls *= 2;
  }
  return calls;
}

/** Milliseconds. */
function perCall(call: () => void, calls: number): number {
  const start = performance.now();
  for (let i = 0; i < calls; i++) call();
  return (performance.now() - start) / calls;
}
