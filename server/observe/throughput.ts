const windowMilliseconds = 5 * 60_000;
const minute = 60_000;

/** How many things a minute are done, over the last five minutes or for as long as it has counted. */
export class Throughput {
  readonly #now: () => number;
  readonly #since: number;
  /** Moments within the window, ascending. */
  readonly #moments: number[] = [];

  /** `now` gives milliseconds that only grow. */
  constructor(now = () => performance.now()) {
    this.#now = now;
    this.#since = now();
  }

  count(): void {
    this.#moments.push(this.#now());
  }

  get perMinute(): number {
    const now = this.#now();
    const begin = Math.max(this.#since, now - windowMilliseconds);
    while ((this.#moments[0] ?? begin) < begin) this.#moments.shift();
    // The first minute counts whole, or its first job would look like a great many.
    return (this.#moments.length * minute) / Math.max(minute, now - begin);
  }
}
