import type { BandWeights } from '../../../kernels/bands.ts';
import { MelSpectrogram } from '../../../kernels/mel.ts';
import type { Kernels } from '../../../kernels/module.ts';

/** Hz; the only rate that the front end takes. */
export const FBANK_RATE = 16_000;
const BANDS = 80;
const FRAME = 400;
const HOP = 160;
const FFT_SIZE = 512;
/** A frame's place within what is transformed; where it stands makes no difference to the power. */
const LEAD = (FFT_SIZE - FRAME) / 2;
const PRE_EMPHASIS = 0.97;
const LOWEST_HZ = 20;
/** Smaller energies count as this: FLT_EPSILON, as in Kaldi. */
const LEAST_ENERGY = 1.1920929e-7;
/** Frames that are prepared at once: long recordings need no more memory than short ones. */
const FRAMES_AT_ONCE = 128;

/** What a speaker network hears of a recording. */
export interface FbankFeatures {
  /** Log mel energies less their mean over all frames, [frames, bands] row-major. */
  readonly data: Float32Array<ArrayBuffer>;
  readonly frames: number;
  readonly bands: 80;
}

/**
 * Kaldi's `compute-fbank-feats` without dither, as CAM++ was trained with it: frames of 25 ms every 10 ms (only whole ones), mean
 * removed, pre-emphasis, Povey window, power, 80 triangles, natural logarithm; then each band's mean over time is subtracted.
 *
 * The function takes mono samples at 16 kHz, full scale 1. Its plans live as long as the kernels.
 */
export function createFbank(kernels: Kernels): (samples16k: Float32Array) => FbankFeatures {
  const spectrogram = new MelSpectrogram(kernels, {
    fftSize: FFT_SIZE,
    hop: FFT_SIZE,
    window: poveyWindow(),
    padding: 'none',
    bands: kaldiTriangles(),
    spectrum: 'power',
    logarithm: 'natural',
    floor: LEAST_ENERGY,
  });
  return (samples16k) => {
    const frames = samples16k.length < FRAME ? 0 : 1 + Math.floor((samples16k.length - FRAME) / HOP);
    const data = new Float32Array(frames * BANDS);
    for (let first = 0; first < frames; first += FRAMES_AT_ONCE) {
      const count = Math.min(FRAMES_AT_ONCE, frames - first);
      const prepared = new Float32Array(count * FFT_SIZE);
      for (let frame = 0; frame < count; frame++) {
        const start = (first + frame) * HOP;
        prepareFrame(samples16k.subarray(start, start + FRAME), prepared.subarray(frame * FFT_SIZE + LEAD));
      }
      data.set(spectrogram.compute(prepared), first * BANDS);
    }
    subtractMeans(data, frames);
    return { data, frames, bands: BANDS };
  };
}

/** Removes the frame's mean and emphasises high frequencies; the first sample counts as its own predecessor. */
function prepareFrame(samples: Float32Array, out: Float32Array): void {
  let sum = 0;
  for (let i = 0; i < FRAME; i++) sum += samples[i] as number;
  const mean = sum / FRAME;
  let previous = (samples[0] as number) - mean;
  for (let i = 0; i < FRAME; i++) {
    const value = (samples[i] as number) - mean;
    out[i] = value - PRE_EMPHASIS * previous;
    previous = value;
  }
}

function subtractMeans(data: Float32Array, frames: number): void {
  for (let band = 0; band < BANDS; band++) {
    let sum = 0;
    for (let at = band; at < data.length; at += BANDS) sum += data[at] as number;
    const mean = sum / frames;
    for (let at = band; at < data.length; at += BANDS) data[at] = (data[at] as number) - mean;
  }
}

/** A Hann window, symmetric, to the power of 0.85. */
function poveyWindow(): Float64Array {
  return Float64Array.from(
    { length: FRAME },
    (_, i) => (0.5 - 0.5 * Math.cos((2 * Math.PI * i) / (FRAME - 1))) ** 0.85,
  );
}

const mel = (hertz: number): number => 1127 * Math.log1p(hertz / 700);

/** Triangles equally spaced in mel and straight in mel, not in Hz; the bin at half the rate has no weight. */
function kaldiTriangles(): BandWeights {
  const low = mel(LOWEST_HZ);
  const step = (mel(FBANK_RATE / 2) - low) / (BANDS + 1);
  const rows = Array.from({ length: BANDS }, (_, band) => {
    const centre = low + (band + 1) * step;
    const weights = Array.from({ length: FFT_SIZE / 2 }, (_, bin) =>
      Math.max(0, 1 - Math.abs(mel((bin * FBANK_RATE) / FFT_SIZE) - centre) / step),
    );
    const first = weights.findIndex((weight) => weight > 0);
    return { first, weights: weights.slice(first, weights.findLastIndex((weight) => weight > 0) + 1) };
  });
  return { first: rows.map((row) => row.first), weights: rows.map((row) => row.weights) };
}
