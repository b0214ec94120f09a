import type { CacheUsage } from './protocol.ts';

/** Keeps what was used last within a budget of bytes; the longest unused goes first. */
export class ByteCache<Value> {
  readonly #budget: number;
  readonly #sizeOf: (value: Value) => number;
  /** In order of use, the latest last. */
  readonly #entries = new Map<string, Value>();
  #bytes = 0;
  #hits = 0;
  #misses = 0;

  constructor(budgetBytes: number, sizeOf: (value: Value) => number) {
    this.#budget = budgetBytes;
    this.#sizeOf = sizeOf;
  }

  get usage(): CacheUsage {
    const [entries, bytes, hits, misses] = [this.#entries.size, this.#bytes, this.#hits, this.#misses];
    return { entries, bytes, budgetBytes: this.#budget, hits, misses };
  }

  get(key: string): Value | undefined {
    const value = this.#entries.get(key);
    if (value === undefined) {
      this.#misses++;
      return undefined;
    }
    this.#hits++;
    this.#entries.delete(key);
    this.#entries.set(key, value);
    return value;
  }

  /** Keeps the value, unless it alone is beyond the budget. */
  set(key: string, value: Value): void {
    this.#remove(key);
    const bytes = this.#sizeOf(value);
    if (bytes > this.#budget) return;
    this.#entries.set(key, value);
    this.#bytes += bytes;
    for (const oldest of this.#entries.keys()) {
      if (this.#bytes <= this.#budget) return;
      this.#remove(oldest);
    }
  }

  #remove(key: string): void {
    const value = this.#entries.get(key);
    if (value === undefined) return;
    this.#entries.delete(key);
    this.#bytes -= this.#sizeOf(value);
  }
}
