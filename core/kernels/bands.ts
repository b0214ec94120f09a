import type { F32Block, Kernels, Reserved } from './module.ts';

/** A matrix whose rows have one run of non-zero weights each: row b weighs columns `first[b]` and following by `weights[b]`. */
export interface BandWeights {
  readonly first: readonly number[];
  readonly weights: readonly (readonly number[])[];
}

/** What the mel scale is: O'Shaughnessy's formula as in HTK, or Slaney's, linear below 1 kHz (librosa's default). */
export type MelScale = 'htk' | 'slaney';

const SLANEY_STEP_HZ = 200 / 3;
const SLANEY_KNEE_HZ = 1000;
const SLANEY_KNEE_MEL = SLANEY_KNEE_HZ / SLANEY_STEP_HZ;
const SLANEY_LOG_STEP = Math.log(6.4) / 27;

export function hzToMel(hz: number, scale: MelScale): number {
  if (scale === 'htk') return 2595 * Math.log10(1 + hz / 700);
  if (hz < SLANEY_KNEE_HZ) return hz / SLANEY_STEP_HZ;
  return SLANEY_KNEE_MEL + Math.log(hz / SLANEY_KNEE_HZ) / SLANEY_LOG_STEP;
}

export function melToHz(mel: number, scale: MelScale): number {
  if (scale === 'htk') return 700 * (10 ** (mel / 2595) - 1);
  if (mel < SLANEY_KNEE_MEL) return mel * SLANEY_STEP_HZ;
  return SLANEY_KNEE_HZ * Math.exp(SLANEY_LOG_STEP * (mel - SLANEY_KNEE_MEL));
}

/** `count` frequencies in Hz, equally spaced in mel, both ends included. */
function melSpaced(count: number, lowHz: number, highHz: number, scale: MelScale): number[] {
  const low = hzToMel(lowHz, scale);
  const high = hzToMel(highHz, scale);
  return Array.from({ length: count }, (_, i) => melToHz(low + ((high - low) * i) / (count - 1), scale));
}

/** Keeps each row's run from its first to its last non-zero weight. */
function sparse(rows: readonly (readonly number[])[]): BandWeights {
  const first = rows.map((row) =>
    Math.max(
      0,
      row.findIndex((weight) => weight !== 0),
    ),
  );
  const weights = rows.map((row, b) => row.slice(first[b], row.findLastIndex((weight) => weight !== 0) + 1));
  return { first, weights };
}

export interface MelShape {
  /** Hz. */
  readonly sampleRate: number;
  readonly fftSize: number;
  readonly bands: number;
  readonly lowHz: number;
  readonly highHz: number;
  readonly scale: MelScale;
  /** `area`: each triangle has the same area (librosa's norm='slaney'). `peak`: each has height 1. */
  readonly normalisation: 'area' | 'peak';
}

/** Overlapping triangles over the bins of a transform, as librosa.filters.mel. */
export function melTriangles(shape: MelShape): BandWeights {
  const { sampleRate, fftSize, bands } = shape;
  const edges = melSpaced(bands + 2, shape.lowHz, shape.highHz, shape.scale);
  return sparse(
    Array.from({ length: bands }, (_, band) => {
      const [low = 0, centre = 0, high = 0] = edges.slice(band, band + 3);
      const height = shape.normalisation === 'area' ? 2 / (high - low) : 1;
      return Array.from({ length: fftSize / 2 + 1 }, (_, bin) => {
        const hz = (bin * sampleRate) / fftSize;
        return height * Math.max(0, Math.min((hz - low) / (centre - low), (high - hz) / (high - centre)));
      });
    }),
  );
}

/**
 * Averages of neighbouring bins around `bands` centres equally spaced in mel (HTK) from 0 Hz to half the sampling rate:
 * a triangle to each neighbour centre, at least one bin wide, weights summing to 1. Meant for log spectra.
 */
export function averagingTriangles(sampleRate: number, fftSize: number, bands: number): BandWeights {
  const centres = melSpaced(bands, 0, sampleRate / 2, 'htk');
  const binHz = sampleRate / fftSize;
  return sparse(
    centres.map((centre, band) => {
      const below = Math.max(centre - (centres[Math.max(band - 1, 0)] ?? 0), binHz);
      const above = Math.max((centres[Math.min(band + 1, bands - 1)] ?? 0) - centre, binHz);
      const row = Array.from({ length: fftSize / 2 + 1 }, (_, bin) => {
        const distance = bin * binHz - centre;
        return Math.max(0, distance <= 0 ? 1 + distance / below : 1 - distance / above);
      });
      const sum = row.reduce((total, weight) => total + weight, 0);
      return row.map((weight) => weight / sum);
    }),
  );
}

/** A sparse matrix in the kernels' memory, applied to many rows at once. */
export class BandMatrix {
  /** Values per output row. */
  readonly bands: number;
  readonly #kernels: Kernels;
  readonly #ranges: Reserved<Int32Array<ArrayBuffer>>;
  readonly #weights: Reserved<Float32Array<ArrayBuffer>>;

  constructor(kernels: Kernels, matrix: BandWeights) {
    const flat = matrix.weights.flat();
    this.#kernels = kernels;
    this.bands = matrix.first.length;
    this.#ranges = kernels.reserveI32(2 * this.bands);
    this.#ranges.view.set(matrix.first.flatMap((first, band) => [first, matrix.weights[band]?.length ?? 0]));
    this.#weights = kernels.reserveF32(flat.length);
    this.#weights.view.set(flat);
  }

  /** `input`: [frames, inputStride]; gives [frames, bands] as a temporary block. */
  apply(input: F32Block, inputStride: number): F32Block {
    const frames = Math.floor(input.length / inputStride);
    const out = this.#kernels.allocF32(frames * this.bands);
    this.#kernels.exports.bandMatrix(
      this.#ranges.pointer,
      this.#weights.pointer,
      this.bands,
      input.pointer,
      inputStride,
      frames,
      out.pointer,
      this.bands,
    );
    return out;
  }

  dispose(): void {
    this.#ranges.free();
    this.#weights.free();
  }
}
