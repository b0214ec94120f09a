import { copyF64, readRepeated } from './blocks.ts';
import type { Kernels, Reserved } from './module.ts';

/** Entries of the kernel's cosine table, and samples that it may read to each side of a frame's centre. */
const TABLE = 2048;
const MARGIN = 1024;
const SCRATCH = 4096;

/**
 * StoneMask (WORLD; Morise, Kawahara, Katayose 2009): refines pitch estimates by the instantaneous frequency of the first
 * six harmonics. Estimates that would move by more than 20 % stay as they are, and so do those below 3·rate/1022.
 */
export class StoneMask {
  readonly #kernels: Kernels;
  readonly #sampleRate: number;
  readonly #hop: number;
  readonly #cosines: Reserved<Float32Array<ArrayBuffer>>;

  /** `sampleRate` in Hz; `hop` in samples from frame to frame; frame 0 is centred on sample 0. */
  constructor(kernels: Kernels, sampleRate: number, hop: number) {
    this.#kernels = kernels;
    this.#sampleRate = sampleRate;
    this.#hop = hop;
    this.#cosines = kernels.reserveF32(2 * TABLE);
    const table = new Float64Array(kernels.exports.memory.buffer, this.#cosines.pointer, TABLE);
    for (let k = 0; k < TABLE; k++) table[k] = Math.cos((2 * Math.PI * k) / TABLE);
  }

  /** Refines `f0[first … first + frames − 1]` in place; 0 means unvoiced and stays. `samples` is the whole signal. */
  refine(samples: Float32Array, f0: Float64Array, first: number, frames: number): void {
    this.#kernels.scope(() => {
      const x = this.#kernels.allocF32((frames - 1) * this.#hop + 2 * MARGIN);
      const scratch = this.#kernels.allocF32(2 * SCRATCH);
      const block = copyF64(this.#kernels, f0.subarray(first, first + frames));
      readRepeated(samples, first * this.#hop - MARGIN, x.view);
      this.#kernels.exports.stoneMask(
        x.pointer + 4 * MARGIN,
        block.pointer,
        frames,
        this.#hop,
        this.#sampleRate,
        this.#cosines.pointer,
        scratch.pointer,
      );
      f0.set(block.view, first);
    });
  }

  free(): void {
    this.#cosines.free();
  }
}
