export interface IntakeParts<Item> {
  /** The next item, or undefined when there is none after a wait of some seconds. Only one call runs at a time. */
  fetch(): Promise<Item | undefined>;
  /** An item came for which nobody waits any more. */
  giveBack(item: Item): Promise<void>;
  /** A fetch failed. Resolves when it is time to try again. */
  failed(error: unknown): Promise<void>;
}

/** Lets any number of takers wait on one source, first come first served. Fetches only while somebody waits. */
export class Intake<Item> {
  readonly #parts: IntakeParts<Item>;
  /** Each gives its taker an item. In order of arrival. */
  readonly #takers = new Set<(item: Item | undefined) => void>();
  #fetching: Promise<void> | undefined;

  constructor(parts: IntakeParts<Item>) {
    this.#parts = parts;
  }

  /** Undefined once the signal is aborted. */
  take(signal: AbortSignal): Promise<Item | undefined> {
    return new Promise((resolve) => {
      const give = (item: Item | undefined) => {
        this.#takers.delete(give);
        signal.removeEventListener('abort', stop);
        resolve(item);
      };
      const stop = () => give(undefined);
      if (signal.aborted) return resolve(undefined);
      signal.addEventListener('abort', stop);
      this.#takers.add(give);
      this.#fetching ??= this.#fetch();
    });
  }

  /** Resolves when no fetch is under way; takers must have been stopped. */
  async idle(): Promise<void> {
    await this.#fetching;
  }

  async #fetch(): Promise<void> {
    while (this.#takers.size > 0) {
      try {
        const item = await this.#parts.fetch();
        if (item === undefined) continue;
        const [give] = this.#takers;
        if (give) give(item);
        else await this.#parts.giveBack(item);
      } catch (error) {
        await this.#parts.failed(error);
      }
    }
    this.#fetching = undefined;
  }
}
