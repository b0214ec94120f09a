/** Wall-clock seconds of named stages that follow one another. */
export class Stopwatch<Name extends string> {
  readonly timings: Partial<Record<Name, number>> = {};
  private last = performance.now();

  /** Ends a stage: the time since the last lap is its. */
  lap(stage: Name): void {
    const now = performance.now();
    this.timings[stage] = (now - this.last) / 1000;
    this.last = now;
  }
}
