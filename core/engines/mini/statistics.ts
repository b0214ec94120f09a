import { type Affine, AffineMap } from '../../kernels/matrix.ts';
import type { Kernels } from '../../kernels/module.ts';
import { BANDS, cosines } from './bands.ts';
import { blocksOf, type EnvelopeRows } from './rows.ts';

/** Added to standard deviations before one is divided by another. */
const DEVIATION_FLOOR = 1e-3;
/** Too few voiced frames to speak of a voice's pitch. */
const FEWEST_VOICED = 10;
/** Frames worked on at once. */
const BLOCK_FRAMES = 500;
/** Pitch a voice may be moved to, Hz. */
const LOWEST_TARGET = 55;
const HIGHEST_TARGET = 700;

/** Mean and standard deviation (population) of each of some numbers per frame. */
export interface Moments {
  readonly mean: Float64Array;
  readonly deviation: Float64Array;
}

/** Sums rows of numbers one by one, and gives their moments; f64 and relative to the first row, so that nothing is lost. */
export class MomentSums {
  readonly #origin: Float64Array;
  readonly #sum: Float64Array;
  readonly #squares: Float64Array;
  #count = 0;

  constructor(width: number) {
    this.#origin = new Float64Array(width);
    this.#sum = new Float64Array(width);
    this.#squares = new Float64Array(width);
  }

  /** Adds one row of `rows`, which begins at index `offset`. */
  add(rows: Float32Array, offset: number): void {
    const width = this.#sum.length;
    if (this.#count === 0) this.#origin.set(rows.subarray(offset, offset + width));
    this.#count++;
    for (let i = 0; i < width; i++) {
      const value = (rows[offset + i] as number) - (this.#origin[i] as number);
      (this.#sum[i] as number) += value;
      (this.#squares[i] as number) += value * value;
    }
  }

  /** Adds those of `rows` that are active, where row i is frame `first` + i. */
  addActive(rows: Float32Array, active: Uint8Array, first: number): void {
    const width = this.#sum.length;
    for (let row = 0; row * width < rows.length; row++) if (active[first + row] === 1) this.add(rows, row * width);
  }

  /** All 0 where no row was added. */
  moments(): Moments {
    const count = Math.max(this.#count, 1);
    const mean = this.#sum.map((sum) => sum / count);
    const deviation = this.#squares.map((square, i) =>
      Math.sqrt(Math.max(0, square / count - (mean[i] as number) ** 2)),
    );
    return { mean: mean.map((value, i) => value + (this.#origin[i] as number)), deviation };
  }
}

/** The cepstrum as a map of envelopes: row · matrix = c. */
export const cepstrumMap: Affine = { inner: BANDS, columns: BANDS, matrix: transposed(cosines) };

/** Moments of each band over the frames where `active` is 1. */
export function bandMoments(envelope: EnvelopeRows, active: Uint8Array): Moments {
  const sums = new MomentSums(BANDS);
  for (const { first, block } of blocksOf(envelope, BLOCK_FRAMES)) sums.addActive(block, active, first);
  return sums.moments();
}

/** Moments of each cepstral coefficient over the frames where `active` is 1. */
export function cepstralMoments(kernels: Kernels, envelope: EnvelopeRows, active: Uint8Array): Moments {
  const sums = new MomentSums(BANDS);
  const map = new AffineMap(kernels, cepstrumMap);
  try {
    for (const { first, block } of blocksOf(envelope, BLOCK_FRAMES)) {
      map.apply(block, block);
      sums.addActive(block, active, first);
    }
  } finally {
    map.free();
  }
  return sums.moments();
}

function transposed(matrix: Float64Array): Float64Array {
  return matrix.map((_, index) => matrix[(index % BANDS) * BANDS + Math.floor(index / BANDS)] as number);
}

/**
 * The map of envelopes that gives their cepstra another mean and deviation: each coefficient is moved, and stretched by
 * the ratio of the deviations, limited to 1/limit … limit; the level (c₀) is only moved.
 */
export function matchingMap(from: Moments, to: Moments, limit: number): Affine {
  const scale = from.deviation.map((deviation, k) => {
    if (k === 0) return 1;
    const ratio = ((to.deviation[k] as number) + DEVIATION_FLOOR) / (deviation + DEVIATION_FLOOR);
    return Math.min(Math.max(ratio, 1 / limit), limit);
  });
  // E' = ((E·Cᵀ − m)·s + r)·C = E·(Cᵀ·s·C) + (r − m·s)·C
  const matrix = new Float64Array(BANDS * BANDS);
  const bias = new Float64Array(BANDS);
  for (let k = 0; k < BANDS; k++) {
    const row = cosines.subarray(k * BANDS, (k + 1) * BANDS);
    const s = scale[k] as number;
    const shift = (to.mean[k] as number) - (from.mean[k] as number) * s;
    for (let i = 0; i < BANDS; i++) {
      const weight = (row[i] as number) * s;
      for (let j = 0; j < BANDS; j++) (matrix[i * BANDS + j] as number) += weight * (row[j] as number);
      (bias[i] as number) += shift * (row[i] as number);
    }
  }
  return { inner: BANDS, columns: BANDS, matrix, bias };
}

/** As numpy.percentile: straight lines between the sorted values. */
export function percentile(values: Float64Array, percent: number): number {
  if (values.length === 0) return 0;
  const sorted = values.toSorted();
  const at = (percent / 100) * (sorted.length - 1);
  const below = Math.floor(at);
  const left = sorted[below] as number;
  const right = sorted[Math.min(below + 1, sorted.length - 1)] as number;
  return left + (right - left) * (at - below);
}

export function median(values: Float64Array): number {
  return percentile(values, 50);
}

/** Where the pitch of a voice lies: of log frequency (Hz) the median and the standard deviation. */
export interface PitchRange {
  readonly median: number;
  readonly deviation: number;
}

/** Null where fewer than ten frames are voiced. */
export function pitchRange(f0: ArrayLike<number>): PitchRange | null {
  const logs = Float64Array.from(
    Array.from(f0).filter((hertz) => hertz > 0),
    Math.log,
  );
  if (logs.length < FEWEST_VOICED) return null;
  const mean = logs.reduce((sum, value) => sum + value, 0) / logs.length;
  const variance = logs.reduce((sum, value) => sum + (value - mean) ** 2, 0) / logs.length;
  return { median: median(logs), deviation: Math.sqrt(variance) };
}

/**
 * The factor by which each frame's pitch is to change, 1 where unvoiced. `auto` shifts the median of log pitch to the
 * voice's and scales its spread (by 0.8 … 1.3); a number shifts by semitones. Targets stay within 55 … 700 Hz.
 */
export function pitchRatios(f0: Float64Array, voice: PitchRange | null, pitch: 'auto' | 'keep' | number): Float64Array {
  const ratios = new Float64Array(f0.length).fill(1);
  const target = targetPitch(pitch === 'auto' ? pitchRange(f0) : null, voice, pitch);
  if (!target) return ratios;
  return ratios.map((one, frame) => {
    const hertz = f0[frame] as number;
    return hertz > 0 ? withinBounds(target(hertz)) / hertz : one;
  });
}

/** The nearest pitch that a voice may be moved to, Hz. */
export function withinBounds(hertz: number): number {
  return Math.min(Math.max(hertz, LOWEST_TARGET), HIGHEST_TARGET);
}

/** What becomes of a pitch in Hz, where the source's own range is `own`; null where it stays. */
export function targetPitch(
  own: PitchRange | null,
  voice: PitchRange | null,
  pitch: 'auto' | 'keep' | number,
): ((hertz: number) => number) | null {
  if (pitch === 'keep' || pitch === 0) return null;
  if (pitch !== 'auto') return (hertz) => hertz * 2 ** (pitch / 12);
  if (!own || !voice) return null;
  const spread = Math.min(Math.max(voice.deviation / Math.max(own.deviation, 0.05), 0.8), 1.3);
  return (hertz) => Math.exp((Math.log(hertz) - own.median) * spread + voice.median);
}
