import { readPadded } from './blocks.ts';
import { type RealFft, realFft } from './fft.ts';
import type { Kernels, Reserved } from './module.ts';

/** Where each of the bins of a transform lies between bands: at band `lower[bin]` + `fraction[bin]`. */
export interface BinPositions {
  readonly lower: Int32Array;
  readonly fraction: Float32Array;
}

/** Gains are limited to this range, in nat; the kernel has the same. */
export const LOWEST_GAIN = -4.6;
export const HIGHEST_GAIN = 3.5;

/** Sums of overlapping windows below this are not divided by. */
const SMALLEST_NORM = 1e-3;

/**
 * Time-varying zero-phase filter: short-time transform (Hann window, zero-padded to twice its length), times e^gain,
 * overlap-add, divided by the overlapped windows. Gains are in nat per band, limited to −4.6 … 3.5.
 * Works in place, front to back.
 */
export class TimeVaryingFilter {
  readonly #kernels: Kernels;
  readonly #fft: RealFft;
  readonly #hop: number;
  readonly #windowLength: number;
  readonly #window: Reserved<Float32Array<ArrayBuffer>>;
  readonly #lower: Reserved<Int32Array<ArrayBuffer>>;
  readonly #fraction: Reserved<Float32Array<ArrayBuffer>>;
  readonly #bands: number;
  /** Sums that the next frames still add to. */
  #tail: Float32Array;
  #tailNorm: Float32Array;
  #frame = 0;

  /** `windowLength`: an even number whose double the FFT can take; `hop`: samples from frame to frame. */
  constructor(kernels: Kernels, windowLength: number, hop: number, bands: number, positions: BinPositions) {
    this.#kernels = kernels;
    this.#windowLength = windowLength;
    this.#hop = hop;
    this.#bands = bands;
    this.#fft = realFft(kernels, 2 * windowLength);
    this.#window = kernels.reserveF32(windowLength);
    this.#window.view.set(hann(windowLength));
    this.#lower = kernels.reserveI32(positions.lower.length);
    this.#lower.view.set(positions.lower);
    this.#fraction = kernels.reserveF32(positions.fraction.length);
    this.#fraction.view.set(positions.fraction);
    this.#tail = new Float32Array(2 * windowLength - hop);
    this.#tailNorm = new Float32Array(2 * windowLength - hop);
  }

  /** Begins a new signal. */
  reset(): void {
    this.#frame = 0;
    this.#tail.fill(0);
    this.#tailNorm.fill(0);
  }

  /**
   * Filters the next frames of `samples` (the whole signal, in place) by `gains` [frames, bands]; frame t is centred on
   * sample t·hop. Finished is what lies before the last frame's centre less one window; `finish` writes the rest.
   */
  process(samples: Float32Array, gains: Float32Array): void {
    const kernels = this.#kernels;
    const frames = gains.length / this.#bands;
    const size = this.#fft.size;
    kernels.scope(() => {
      const centre = this.#frame * this.#hop;
      const x = kernels.allocF32((frames - 1) * this.#hop + this.#windowLength);
      readPadded(samples, centre - this.#windowLength / 2, x.view);
      const gain = kernels.copyF32(gains);
      const out = kernels.allocF32((frames - 1) * this.#hop + size);
      const norm = kernels.allocF32(out.length);
      const scratch = kernels.allocF32(size + 3 * this.#fft.stride);
      out.view.set(this.#tail);
      norm.view.set(this.#tailNorm);
      kernels.exports.filterFrames(
        this.#fft.plan,
        x.pointer,
        frames,
        this.#hop,
        this.#window.pointer,
        this.#windowLength,
        gain.pointer,
        this.#bands,
        this.#lower.pointer,
        this.#fraction.pointer,
        out.pointer,
        norm.pointer,
        scratch.pointer,
      );
      const done = frames * this.#hop;
      writeQuotient(out.view, norm.view, done, samples, centre - this.#windowLength);
      this.#tail = out.view.slice(done);
      this.#tailNorm = norm.view.slice(done);
      this.#frame += frames;
    });
  }

  /** Writes what is left after the last frame. */
  finish(samples: Float32Array): void {
    const start = this.#frame * this.#hop - this.#windowLength;
    writeQuotient(this.#tail, this.#tailNorm, this.#tail.length, samples, start);
  }

  free(): void {
    for (const block of [this.#window, this.#lower, this.#fraction]) block.free();
  }
}

/** samples[start + i] = sums[i] / norms[i] for i < count, where that is inside. */
function writeQuotient(
  sums: Float32Array,
  norms: Float32Array,
  count: number,
  samples: Float32Array,
  start: number,
): void {
  const end = Math.min(count, samples.length - start);
  for (let i = Math.max(0, -start); i < end; i++) {
    samples[start + i] = (sums[i] as number) / Math.max(norms[i] as number, SMALLEST_NORM);
  }
}

/** Periodic Hann window. */
function hann(length: number): Float32Array {
  return Float32Array.from({ length }, (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / length));
}
