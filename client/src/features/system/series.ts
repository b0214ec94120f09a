/** Values of several lines over time; null where there is none. */
export interface Series {
  /** Seconds since 1970, ascending. */
  readonly times: readonly number[];
  /** One list a line, each as long as `times`. */
  readonly lines: readonly (readonly (number | null)[])[];
}

export const emptySeries: Series = { times: [], lines: [] };

/** The record with one more moment, without what is older than `seconds`. A line that is new had no values before. */
export function recorded(before: Series, time: number, values: readonly (number | null)[], seconds: number): Series {
  const from = before.times.findIndex((each) => each >= time - seconds);
  const kept = from < 0 ? before.times.length : from;
  const times = [...before.times.slice(kept), time];
  const lines = values.map((value, index) => {
    const line = before.lines[index]?.slice(kept) ?? Array<null>(times.length - 1).fill(null);
    return [...line, value];
  });
  return { times, lines };
}
