/** What all users together went through. */
export class Tally {
  /** When each conversion ended, its result checked, in ms of `performance.now()`. */
  readonly finished: number[] = [];
  /** From asking for a conversion to having its result, in seconds. */
  readonly waits: number[] = [];
  requests = 0;
  /** Refusals that said when to come back, which the user did. */
  limited = 0;
  readonly #failures = new Map<string, number>();

  fail(reason: string): void {
    this.#failures.set(reason, (this.#failures.get(reason) ?? 0) + 1);
  }

  get failed(): number {
    return [...this.#failures.values()].reduce((sum, count) => sum + count, 0);
  }

  /** Each reason with how often it came. */
  get failures(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#failures);
  }
}
