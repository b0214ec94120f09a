import { allocF64, copyF64 } from './blocks.ts';
import type { Kernels } from './module.ts';

/** Positions of pitch periods in a signal, in ascending order. */
export interface PitchMarks {
  readonly count: number;
  /** Samples. */
  readonly positions: Int32Array;
  /** Samples. */
  readonly periods: Float64Array;
  /** 1 where voiced, 0 where the marks are spaced evenly. */
  readonly kinds: Int32Array;
}

/** A pitch track: `f0` in Hz (0 = unvoiced), frames `hop` samples apart, the first at sample 0. */
export interface PitchTrack {
  readonly f0: Float64Array;
  readonly hop: number;
}

/** No two marks are nearer than this on average: a pitch above a twelfth of the rate is not analysed. */
const FEWEST_SAMPLES_PER_MARK = 8;
/** Longest period that the kernels may meet, in seconds (22 Hz). */
const LONGEST_PERIOD_SECONDS = 0.045;

function marginOf(sampleRate: number): number {
  return Math.ceil(3 * LONGEST_PERIOD_SECONDS * sampleRate);
}

/** Finds pitch marks block by block: peak at a voiced onset, then normalised cross-correlation, every 5 ms where unvoiced. */
export class PitchMarker {
  readonly #kernels: Kernels;
  readonly #samples: Float32Array;
  readonly #sampleRate: number;
  readonly #track: PitchTrack;
  readonly #margin: number;
  #position = 0;
  #voiced = 0;
  #count = 0;
  #positions: Int32Array;
  #periods: Float64Array;
  #kinds: Int32Array;

  constructor(kernels: Kernels, samples: Float32Array, sampleRate: number, track: PitchTrack) {
    this.#kernels = kernels;
    this.#samples = samples;
    this.#sampleRate = sampleRate;
    this.#track = track;
    this.#margin = marginOf(sampleRate);
    const capacity = 1024;
    this.#positions = new Int32Array(capacity);
    this.#periods = new Float64Array(capacity);
    this.#kinds = new Int32Array(capacity);
  }

  /** The marks found so far. Views of what later calls of `advance` may move. */
  get marks(): PitchMarks {
    const count = this.#count;
    return {
      count,
      positions: this.#positions.subarray(0, count),
      periods: this.#periods.subarray(0, count),
      kinds: this.#kinds.subarray(0, count),
    };
  }

  /** Finds all marks before sample `until`. */
  advance(until: number): void {
    const kernels = this.#kernels;
    const { f0, hop } = this.#track;
    kernels.scope(() => {
      const begin = Math.max(0, Math.floor(this.#position) - this.#margin);
      const end = Math.min(this.#samples.length, until + this.#margin);
      if (end <= begin) return;
      const capacity = Math.ceil((end - begin) / FEWEST_SAMPLES_PER_MARK) + 2;
      const x = kernels.copyF32(this.#samples.subarray(begin, end));
      const firstFrame = Math.max(0, Math.floor(begin / hop) - 1);
      const pitch = copyF64(kernels, f0.subarray(firstFrame, Math.ceil(end / hop) + 2));
      const positions = kernels.allocI32(capacity);
      const periods = allocF64(kernels, capacity);
      const kinds = kernels.allocI32(capacity);
      const state = kernels.allocI32(4);
      // The kernel goes on from the last mark, so that is its entry 0.
      const carried = Math.min(this.#count, 1);
      if (carried > 0) positions.view[0] = this.#positions[this.#count - 1] ?? 0;
      const position = new Float64Array(kernels.exports.memory.buffer, state.pointer, 1);
      position[0] = this.#position;
      state.view.set([carried, this.#voiced], 2);
      kernels.exports.pitchMarks(
        state.pointer,
        x.pointer - 4 * begin,
        this.#samples.length,
        until,
        pitch.pointer - 8 * firstFrame,
        f0.length,
        hop,
        this.#sampleRate,
        positions.pointer,
        periods.pointer,
        kinds.pointer,
        capacity,
      );
      this.#position = position[0];
      this.#voiced = state.view[3] ?? 0;
      const found = state.view[2] ?? 0;
      this.#append(
        positions.view.subarray(carried, found),
        periods.view.subarray(carried, found),
        kinds.view.subarray(carried, found),
      );
    });
  }

  #append(positions: Int32Array, periods: Float64Array, kinds: Int32Array): void {
    const needed = this.#count + positions.length;
    if (needed > this.#positions.length) {
      const capacity = Math.max(needed, 2 * this.#positions.length);
      this.#positions = grown(this.#positions, new Int32Array(capacity));
      this.#periods = grown(this.#periods, new Float64Array(capacity));
      this.#kinds = grown(this.#kinds, new Int32Array(capacity));
    }
    this.#positions.set(positions, this.#count);
    this.#periods.set(periods, this.#count);
    this.#kinds.set(kinds, this.#count);
    this.#count = needed;
  }
}

function grown<Numbers extends Int32Array | Float64Array>(old: Numbers, larger: Numbers): Numbers {
  larger.set(old);
  return larger;
}

/** Time-domain pitch-synchronous overlap-add (Moulines & Charpentier 1990), block by block. */
export class OverlapAdder {
  readonly #kernels: Kernels;
  readonly #samples: Float32Array;
  readonly #marks: PitchMarks;
  readonly #ratios: Float64Array;
  readonly #hop: number;
  readonly #margin: number;
  #position: number;
  #mark = 0;

  /** `ratios`: new pitch by old for each frame, `hop` samples apart. `marks`: all of them. */
  constructor(
    kernels: Kernels,
    samples: Float32Array,
    sampleRate: number,
    marks: PitchMarks,
    ratios: Float64Array,
    hop: number,
  ) {
    this.#kernels = kernels;
    this.#samples = samples;
    this.#marks = marks;
    this.#ratios = ratios;
    this.#hop = hop;
    this.#margin = marginOf(sampleRate);
    this.#position = marks.positions[0] ?? 0;
  }

  /** Before this sample nothing is added any more, nor is the source read again. */
  get settled(): number {
    return Math.max(0, Math.floor(this.#position) - 2 * this.#margin);
  }

  /** Sample up to which `advance` until `until` may add. */
  reach(until: number): number {
    return Math.min(this.#samples.length, until + 2 * this.#margin);
  }

  /**
   * Adds all grains that belong before sample `until` to `output`, which holds the samples from `offset` (`settled` or before) to
   * `reach(until)`, or more.
   */
  advance(until: number, output: Float32Array, offset = 0): void {
    const kernels = this.#kernels;
    const { positions, periods, kinds, count } = this.#marks;
    const length = this.#samples.length;
    const stop = Math.min(until, length);
    if (this.#position >= stop) return;
    kernels.scope(() => {
      const begin = this.settled;
      const end = this.reach(stop);
      const x = kernels.copyF32(this.#samples.subarray(begin, end));
      const y = kernels.copyF32(output.subarray(begin - offset, end - offset));
      const firstMark = Math.max(0, this.#mark);
      let lastMark = firstMark;
      while (lastMark < count && (positions[lastMark] ?? 0) < stop + this.#margin) lastMark++;
      const firstFrame = Math.max(0, Math.floor(begin / this.#hop) - 1);
      const ratios = copyF64(kernels, this.#ratios.subarray(firstFrame, Math.ceil(end / this.#hop) + 2));
      const someKinds = kernels.allocI32(lastMark - firstMark);
      const somePositions = kernels.allocI32(lastMark - firstMark);
      someKinds.view.set(kinds.subarray(firstMark, lastMark));
      somePositions.view.set(positions.subarray(firstMark, lastMark));
      const somePeriods = copyF64(kernels, periods.subarray(firstMark, lastMark));
      const state = kernels.allocI32(4);
      const position = new Float64Array(kernels.exports.memory.buffer, state.pointer, 1);
      position[0] = this.#position;
      kernels.exports.overlapAdd(
        state.pointer,
        x.pointer - 4 * begin,
        length,
        y.pointer - 4 * begin,
        stop,
        somePositions.pointer,
        somePeriods.pointer,
        someKinds.pointer,
        lastMark - firstMark,
        ratios.pointer - 8 * firstFrame,
        this.#ratios.length,
        this.#hop,
      );
      this.#position = position[0];
      this.#mark = firstMark + (state.view[2] ?? 0);
      output.set(y.view, begin - offset);
    });
  }
}
