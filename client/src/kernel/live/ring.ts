/** Samples between the thread that computes and the thread that plays: one writes, one reads. A power of two, so that counters may wrap. */
const CAPACITY = 1 << 16;
const WRITTEN = 0;
const READ = 1;

/** The memory of a ring, in a form that can be posted. */
export interface RingMemory {
  readonly samples: SharedArrayBuffer | ArrayBuffer;
  readonly counters: SharedArrayBuffer | ArrayBuffer;
}

/** Shared between threads where the page may (`crossOriginIsolated`), else for one thread alone. */
export function createRingMemory(isShared: boolean): RingMemory {
  const allocate = (bytes: number) => (isShared ? new SharedArrayBuffer(bytes) : new ArrayBuffer(bytes));
  return { samples: allocate(4 * CAPACITY), counters: allocate(8) };
}

export class SampleRing {
  readonly #samples: Float32Array;
  readonly #counters: Int32Array;

  constructor({ samples, counters }: RingMemory) {
    this.#samples = new Float32Array(samples);
    this.#counters = new Int32Array(counters);
  }

  /** Samples that can be read. */
  get filled(): number {
    return (Atomics.load(this.#counters, WRITTEN) - Atomics.load(this.#counters, READ)) | 0;
  }

  /** What does not fit is left out. */
  write(samples: Float32Array): void {
    const at = Atomics.load(this.#counters, WRITTEN);
    const count = Math.min(samples.length, CAPACITY - this.filled);
    for (let i = 0; i < count; i++) this.#samples[(at + i) & (CAPACITY - 1)] = samples[i] as number;
    Atomics.store(this.#counters, WRITTEN, (at + count) | 0);
  }

  /** Fills `out` as far as there are samples, and gives how many there were. */
  read(out: Float32Array): number {
    const at = Atomics.load(this.#counters, READ);
    const count = Math.min(out.length, this.filled);
    for (let i = 0; i < count; i++) out[i] = this.#samples[(at + i) & (CAPACITY - 1)] as number;
    Atomics.store(this.#counters, READ, (at + count) | 0);
    return count;
  }
}
