import { averagingTriangles, type BandWeights, hzToMel, melToHz } from '../../kernels/bands.ts';
import type { BinPositions } from '../../kernels/filter.ts';

/** The engine's own rate, Hz. */
export const SAMPLE_RATE = 16000;
/** Samples from frame to frame: 10 ms. */
export const HOP = 160;
export const FRAMES_PER_SECOND = SAMPLE_RATE / HOP;
const FRAME_SECONDS = HOP / SAMPLE_RATE;
/** Bands of the envelope E, equally spaced in mel from 0 to 8 kHz. */
export const BANDS = 80;
/** Samples of the transform behind envelopes and filter. */
const FFT_SIZE = 1024;
const BINS = FFT_SIZE / 2 + 1;
const BIN_HZ = SAMPLE_RATE / FFT_SIZE;
const HIGHEST_MEL = hzToMel(SAMPLE_RATE / 2, 'htk');

/** Frames of a signal: centred on samples 0, 160, 320 …, up to its end; rounded as the reference implementation does. */
export function frameCount(samples: number): number {
  return Math.floor(samples / SAMPLE_RATE / FRAME_SECONDS) + 1;
}

/** Centre of a band in Hz; `band` may be fractional. */
export function bandHertz(band: number): number {
  return melToHz((band / (BANDS - 1)) * HIGHEST_MEL, 'htk');
}

/** Where a frequency lies between bands, 0 … BANDS − 1. */
export function bandAt(hertz: number): number {
  return Math.min(Math.max((hzToMel(hertz, 'htk') / HIGHEST_MEL) * (BANDS - 1), 0), BANDS - 1);
}

const centres = Array.from({ length: BANDS }, (_, band) => bandHertz(band));

function centre(band: number): number {
  return centres[Math.min(Math.max(band, 0), BANDS - 1)] as number;
}

/** Averaging weights of each band over the bins of a 1024-point transform; each row sums to 1. */
export function bandWeights(): BandWeights {
  return averagingTriangles(SAMPLE_RATE, FFT_SIZE, BANDS);
}

/** Where each bin of a 1024-point transform lies between bands: straight lines between the centres. */
export function binPositions(): BinPositions {
  const lower = new Int32Array(BINS);
  const fraction = new Float32Array(BINS);
  for (let bin = 0; bin < BINS; bin++) {
    const hertz = bin * BIN_HZ;
    let band = 0;
    while (band < BANDS - 2 && centre(band + 1) <= hertz) band++;
    lower[bin] = band;
    fraction[bin] = (hertz - centre(band)) / (centre(band + 1) - centre(band));
  }
  return { lower, fraction };
}

/** Orthonormal DCT-II: `cosines[k·BANDS + b]`; cepstrum c = cosines · E, and back E = cosinesᵀ · c. */
export const cosines = Float64Array.from({ length: BANDS * BANDS }, (_, index) => {
  const k = Math.floor(index / BANDS);
  const band = index % BANDS;
  const scale = Math.sqrt((k === 0 ? 1 : 2) / BANDS);
  return scale * Math.cos((Math.PI * k * (band + 0.5)) / BANDS);
});
