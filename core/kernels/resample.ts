import type { Kernels, Reserved } from './module.ts';
import { type FilterBank, resamplingFilter } from './resample-filter.ts';

/**
 * Up to this numerator and denominator of the ratio every phase has a filter of its own (44100 → 16000 is 160/441); beyond,
 * filters are interpolated between stored phases. Either way a bank takes at most about half a megabyte.
 */
const MOST_EXACT = 1024;
/** Stored phases per sample at the lower rate when interpolating: the error of a straight line between them is below −100 dB. */
const INTERPOLATED_PHASES = 512;

/** Input samples that are filtered at once. */
const BLOCK = 8192;

/** Turns a signal that comes in pieces into another sampling rate. How it is cut makes no difference, to the last bit. */
export interface Resampler {
  readonly inputRate: number;
  readonly outputRate: number;
  /** Output that is certain after this input; what hangs on later input follows later. */
  push(chunk: Float32Array): Float32Array<ArrayBuffer>;
  /** The rest: all outputs together are ⌈input · outputRate / inputRate⌉. Then the resampler begins anew. */
  flush(): Float32Array<ArrayBuffer>;
  /** Gives memory back; no calls afterwards. */
  dispose(): void;
}

/**
 * Band-limited conversion between any two whole sampling rates in Hz. Flat (±0.001 dB) up to 0.91 of the lower Nyquist
 * frequency, at least 80 dB down from that frequency on, linear phase; output n lies exactly at n / outputRate seconds.
 * Before its beginning and after its end the signal counts as zero. Throws `RangeError` for a rate that is not a whole number from 1000 to 10⁶.
 */
export function createResampler(kernels: Kernels, inputRate: number, outputRate: number): Resampler {
  for (const rate of [inputRate, outputRate]) {
    if (!Number.isInteger(rate) || rate < 1000 || rate > 1_000_000) throw new RangeError(`sampling rate ${rate}`);
  }
  return inputRate === outputRate ? new Unchanged(inputRate) : new Polyphase(kernels, inputRate, outputRate);
}

/** The whole signal at another rate: ⌈length · outputRate / inputRate⌉ samples, and the very same array where the rates agree. */
export function resample(kernels: Kernels, samples: Float32Array, inputRate: number, outputRate: number): Float32Array {
  if (inputRate === outputRate) return samples;
  const resampler = createResampler(kernels, inputRate, outputRate);
  try {
    const out = new Float32Array(outputLength(samples.length, inputRate, outputRate));
    let filled = 0;
    for (let at = 0; at < samples.length; at += 4 * BLOCK) {
      const piece = resampler.push(samples.subarray(at, at + 4 * BLOCK));
      out.set(piece, filled);
      filled += piece.length;
    }
    out.set(resampler.flush(), filled);
    return out;
  } finally {
    resampler.dispose();
  }
}

/** Number of samples that `length` samples become. */
export function outputLength(length: number, inputRate: number, outputRate: number): number {
  return Math.ceil((length * outputRate) / inputRate);
}

class Unchanged implements Resampler {
  readonly inputRate: number;
  readonly outputRate: number;

  constructor(rate: number) {
    this.inputRate = rate;
    this.outputRate = rate;
  }

  push(chunk: Float32Array): Float32Array<ArrayBuffer> {
    return Float32Array.from(chunk);
  }

  flush(): Float32Array<ArrayBuffer> {
    return new Float32Array(0);
  }

  dispose(): void {}
}

class Polyphase implements Resampler {
  readonly inputRate: number;
  readonly outputRate: number;
  readonly #kernels: Kernels;
  /** The ratio outputRate / inputRate in lowest terms is `phases / step`. */
  readonly #phases: number;
  readonly #step: number;
  readonly #filter: FilterBank;
  readonly #bank: Reserved<Float32Array<ArrayBuffer>>;
  readonly #state: Reserved<Int32Array<ArrayBuffer>>;
  /** The last inputs that later outputs still need, then the block being filtered. */
  readonly #input: Reserved<Float32Array<ArrayBuffer>>;
  readonly #output: Reserved<Float32Array<ArrayBuffer>>;
  /** Samples in `#input`. */
  #held = 0;
  #received = 0;
  #given = 0;

  constructor(kernels: Kernels, inputRate: number, outputRate: number) {
    const divisor = greatestCommonDivisor(inputRate, outputRate);
    this.inputRate = inputRate;
    this.outputRate = outputRate;
    this.#kernels = kernels;
    this.#phases = outputRate / divisor;
    this.#step = inputRate / divisor;
    this.#filter = filterBank(this.#step, this.#phases);
    this.#bank = kernels.reserveF32(this.#filter.values.length);
    this.#bank.view.set(this.#filter.values);
    this.#state = kernels.reserveI32(2);
    this.#input = kernels.reserveF32(this.#filter.taps + BLOCK);
    this.#output = kernels.reserveF32(Math.ceil((BLOCK * this.#phases) / this.#step) + 1);
    this.#begin();
  }

  push(chunk: Float32Array): Float32Array<ArrayBuffer> {
    const out = new Float32Array(this.#certain(this.#received + chunk.length) - this.#given);
    this.#received += chunk.length;
    this.#consume(chunk, out);
    return out;
  }

  flush(): Float32Array<ArrayBuffer> {
    const out = new Float32Array(outputLength(this.#received, this.#step, this.#phases) - this.#given);
    this.#consume(new Float32Array(this.#filter.taps / 2), out);
    this.#begin();
    return out;
  }

  dispose(): void {
    for (const block of [this.#bank, this.#state, this.#input, this.#output]) block.free();
  }

  /** Silence up to the middle of the first filter, so that output 0 lies on input 0. */
  #begin(): void {
    this.#held = this.#filter.taps / 2 - 1;
    this.#input.view.fill(0, 0, this.#held);
    this.#state.view.fill(0);
    this.#received = 0;
    this.#given = 0;
  }

  /** How many outputs have all the input they need once `received` samples are in: those before input `received − taps/2`. */
  #certain(received: number): number {
    return Math.max(this.#given, Math.ceil(((received - this.#filter.taps / 2) * this.#phases) / this.#step));
  }

  /** Filters `chunk` block by block until `out` is full. */
  #consume(chunk: Float32Array, out: Float32Array): void {
    let filled = 0;
    for (let at = 0; at < chunk.length; at += BLOCK) {
      const block = chunk.subarray(at, at + BLOCK);
      this.#input.view.set(block, this.#held);
      this.#held += block.length;
      const count = Math.min(this.#run(), out.length - filled);
      out.set(this.#output.view.subarray(0, count), filled);
      filled += count;
      this.#given += count;
      this.#discard();
    }
  }

  /** Filters as much as `#input` allows into `#output`; gives the number of outputs. */
  #run(): number {
    const { exports } = this.#kernels;
    const { phases, taps, interpolated } = this.#filter;
    const state = this.#state.pointer;
    const input = this.#input.pointer;
    const bank = this.#bank.pointer;
    const { pointer: output, length: capacity } = this.#output;
    return interpolated
      ? exports.resampleBetween(
          state,
          input,
          this.#held,
          this.#step,
          this.#phases,
          bank,
          taps,
          phases,
          output,
          capacity,
        )
      : exports.resample(state, input, this.#held, this.#step, phases, bank, taps, output, capacity);
  }

  /** Moves what the next output needs to the front. */
  #discard(): void {
    const [next = 0] = this.#state.view;
    const used = Math.min(next, this.#held);
    this.#input.view.copyWithin(0, used, this.#held);
    this.#held -= used;
    this.#state.view[0] = next - used;
  }
}

/** Designs are costly (some ms) and the same few come again and again. */
const designs = new Map<string, FilterBank>();
const MOST_DESIGNS = 8;

function filterBank(step: number, phases: number): FilterBank {
  const key = `${phases}/${step}`;
  const known = designs.get(key);
  if (known) return known;
  const exact = Math.max(step, phases) <= MOST_EXACT;
  const stored = exact ? phases : Math.ceil(INTERPOLATED_PHASES * Math.min(1, phases / step));
  const bank = resamplingFilter(step, phases, stored, !exact);
  const [oldest] = designs.keys();
  if (oldest !== undefined && designs.size >= MOST_DESIGNS) designs.delete(oldest);
  designs.set(key, bank);
  return bank;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
