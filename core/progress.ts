/** Reports progress that only grows, whatever order the reports come in; `finish` reports exactly 1, once. */
export class Progress {
  private reported = -1;
  private done = 0;

  constructor(
    private readonly report: ((fraction: number) => void) | undefined,
    private readonly totalWeight: number,
  ) {}

  /** A reporter (0..1) for the next stage, which is worth `weight` of the whole. */
  stage(weight: number): (fraction: number) => void {
    const start = this.done;
    this.done += weight;
    return (fraction) => this.send((start + weight * Math.min(1, Math.max(0, fraction))) / this.totalWeight);
  }

  finish(): void {
    if (this.reported >= 1) return;
    this.reported = 1;
    this.report?.(1);
  }

  /** Rounding may sum weights to 1 too early: 1 belongs to `finish` alone. */
  private send(fraction: number): void {
    const bounded = Math.min(fraction, 0.9999);
    if (bounded <= this.reported) return;
    this.reported = bounded;
    this.report?.(bounded);
  }
}
