import { allocF64, copyF64 } from './blocks.ts';
import type { Kernels } from './module.ts';

/** Marks that are kept at most; some 300 lie in a second. */
const MOST_MARKS = 2048;
/** Samples that marks are found behind the end of what was heard: a long period and the search around it. */
const MARK_SECONDS = 0.025;
/** Grains are laid down this far behind the last mark, so that the nearest mark is known. */
const GRAIN_SECONDS = 0.01;
/** No grain reaches farther back: a period at 55 Hz. */
const REACH_SECONDS = 0.019;

/** Seconds from the end of what was heard to the last sample that `PitchShifter` has finished. */
export const SHIFT_SECONDS = MARK_SECONDS + GRAIN_SECONDS + REACH_SECONDS;

/** What is heard so far, `hop` samples a frame; the arrays may be longer. */
export interface HeardPitch {
  /** Samples. */
  readonly length: number;
  readonly samples: Float32Array;
  /** Frames of `f0` (Hz, 0 = unvoiced) and `ratios` (new pitch by old) that are known; beyond them the last one holds. */
  readonly frames: number;
  readonly f0: Float64Array;
  readonly ratios: Float64Array;
}

/** Time-domain pitch-synchronous overlap-add (Moulines & Charpentier 1990) on a signal that grows at its end and is cut at its beginning. */
export class PitchShifter {
  readonly #kernels: Kernels;
  readonly #sampleRate: number;
  readonly #hop: number;
  /** Sums of grains, in the signal's coordinates. */
  readonly #sums: Float32Array;
  readonly #positions = new Int32Array(MOST_MARKS);
  readonly #periods = new Float64Array(MOST_MARKS);
  readonly #kinds = new Int32Array(MOST_MARKS);
  #count = 0;
  #markAt = 0;
  #voiced = 0;
  #grainAt = 0;
  #grainMark = 0;

  /** `capacity`: samples of the longest signal. */
  constructor(kernels: Kernels, sampleRate: number, hop: number, capacity: number) {
    this.#kernels = kernels;
    this.#sampleRate = sampleRate;
    this.#hop = hop;
    this.#sums = new Float32Array(capacity);
  }

  /** From now on the signal lacks its first `count` samples, which are finished. */
  forget(count: number): void {
    this.#sums.copyWithin(0, count);
    this.#sums.fill(0, this.#sums.length - count);
    this.#markAt -= count;
    this.#grainAt -= count;
    for (let i = 0; i < this.#count; i++) this.#positions[i] = (this.#positions[i] as number) - count;
    // One mark before the grain's stays, lest marks run out.
    const gone = Math.max(0, Math.min(this.#grainMark, this.#count - 1) - 1);
    this.#positions.copyWithin(0, gone, this.#count);
    this.#periods.copyWithin(0, gone, this.#count);
    this.#kinds.copyWithin(0, gone, this.#count);
    this.#count -= gone;
    this.#grainMark -= gone;
  }

  /** Goes on as far as what was heard allows. What is finished by then stands in the view that is handed out: the signal from sample 0 on. */
  advance(heard: HeardPitch): Float32Array {
    const until = Math.max(0, heard.length - Math.round(MARK_SECONDS * this.#sampleRate));
    this.#kernels.scope(() => {
      const x = this.#kernels.copyF32(heard.samples.subarray(0, heard.length));
      this.#findMarks(x.pointer, heard, until);
      this.#layGrains(x.pointer, heard, until - Math.round(GRAIN_SECONDS * this.#sampleRate));
    });
    const settled = Math.max(0, heard.length - Math.ceil(SHIFT_SECONDS * this.#sampleRate));
    return this.#sums.subarray(0, settled);
  }

  #findMarks(x: number, { length, f0, frames }: HeardPitch, until: number): void {
    const kernels = this.#kernels;
    const pitch = copyF64(kernels, f0.subarray(0, frames));
    const positions = kernels.allocI32(MOST_MARKS);
    const periods = allocF64(kernels, MOST_MARKS);
    const kinds = kernels.allocI32(MOST_MARKS);
    const state = kernels.allocI32(4);
    positions.view.set(this.#positions);
    periods.view.set(this.#periods);
    kinds.view.set(this.#kinds);
    const at = new Float64Array(kernels.exports.memory.buffer, state.pointer, 1);
    at[0] = this.#markAt;
    state.view.set([this.#count, this.#voiced], 2);
    kernels.exports.pitchMarks(
      state.pointer,
      x,
      length,
      until,
      pitch.pointer,
      frames,
      this.#hop,
      this.#sampleRate,
      positions.pointer,
      periods.pointer,
      kinds.pointer,
      MOST_MARKS,
    );
    this.#markAt = at[0] as number;
    this.#count = state.view[2] ?? 0;
    this.#voiced = state.view[3] ?? 0;
    this.#positions.set(positions.view);
    this.#periods.set(periods.view);
    this.#kinds.set(kinds.view);
  }

  #layGrains(x: number, { length, ratios, frames }: HeardPitch, until: number): void {
    if (until <= this.#grainAt) return;
    const kernels = this.#kernels;
    const y = kernels.copyF32(this.#sums.subarray(0, length));
    const positions = kernels.allocI32(this.#count);
    const kinds = kernels.allocI32(this.#count);
    positions.view.set(this.#positions.subarray(0, this.#count));
    kinds.view.set(this.#kinds.subarray(0, this.#count));
    const periods = copyF64(kernels, this.#periods.subarray(0, this.#count));
    const factors = copyF64(kernels, ratios.subarray(0, frames));
    const state = kernels.allocI32(4);
    const at = new Float64Array(kernels.exports.memory.buffer, state.pointer, 1);
    at[0] = this.#grainAt;
    state.view[2] = this.#grainMark;
    kernels.exports.overlapAdd(
      state.pointer,
      x,
      length,
      y.pointer,
      until,
      positions.pointer,
      periods.pointer,
      kinds.pointer,
      this.#count,
      factors.pointer,
      frames,
      this.#hop,
    );
    this.#grainAt = at[0] as number;
    this.#grainMark = state.view[2] ?? 0;
    this.#sums.set(y.view);
  }
}
