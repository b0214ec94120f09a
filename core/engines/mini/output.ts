import type { Audio } from '../../audio/audio.ts';
import type { Kernels } from '../../kernels/module.ts';
import { createResampler, resample } from '../../kernels/resample.ts';
import { HOP, SAMPLE_RATE } from './bands.ts';
import type { Report } from './pitch.ts';

/** Peak that the engine's own band is limited to, and the whole result. */
const BAND_PEAK = 0.97;
const LIMIT = 0.98;
/** Input samples between two reports. */
const BLOCK = 32768;

/** Makes `samples` as loud as `like` (root mean square), or less where peaks would exceed 0.97. In place; returns the gain. */
export function levelLike(samples: Float32Array, like: Float32Array): number {
  const gain = Math.sqrt(meanSquare(like) / Math.max(1e-12, meanSquare(samples)));
  const peak = gain * peakOf(samples);
  const limited = gain * Math.min(1, BAND_PEAK / Math.max(1e-9, peak));
  scale(samples, limited);
  return limited;
}

/** The source at another rate, exactly `length` samples, in memory of its own. */
export function resampled(kernels: Kernels, source: Audio, sampleRate: number, length: number): Float32Array {
  const samples = fitted(resample(kernels, source.samples, source.sampleRate, sampleRate), length);
  return samples === source.samples ? samples.slice() : samples;
}

/** What is needed to give a converted band its surroundings back. */
export interface Output {
  /** The recording as it came. */
  readonly source: Audio;
  /** The same at 16 kHz. */
  readonly samples: Float32Array;
  /** The converted band at 16 kHz, as long; used up. */
  readonly converted: Float32Array;
  /** Factor for what lies above 8 kHz, for each frame of 10 ms. */
  readonly highGains: Float32Array;
  readonly outputRate: number;
  /** Samples of the result. */
  readonly length: number;
}

/**
 * The converted band at the output's rate. What the source has above 8 kHz, source less its own 16 kHz version, is added
 * with `highGains`, so that the two halves of the crossover complement each other exactly.
 */
export async function assemble(kernels: Kernels, output: Output, report: Report): Promise<Float32Array> {
  const { source, samples, converted, highGains, outputRate, length } = output;
  if (outputRate === SAMPLE_RATE) return limited(fitted(converted, length));
  const hasHighBand = source.sampleRate > SAMPLE_RATE;
  // converted + g·(source − samples) = g·source + (converted − g·samples), with one resampling for each side.
  if (hasHighBand) addProduct(converted, samples, highGains, HOP, -1);
  const result = new Float32Array(length);
  await stream(kernels, converted, SAMPLE_RATE, outputRate, report, (piece, at) => {
    const count = Math.min(piece.length, length - at);
    result.set(piece.subarray(0, Math.max(count, 0)), Math.min(at, length));
  });
  if (hasHighBand) {
    const hop = outputRate * (HOP / SAMPLE_RATE);
    await stream(kernels, source.samples, source.sampleRate, outputRate, report, (piece, at) => {
      addProduct(result.subarray(Math.min(at, length)), piece, highGains, hop, 1, at);
    });
  }
  return limited(result);
}

/** Hands the signal at another rate on piece by piece, with the position of each. */
async function stream(
  kernels: Kernels,
  samples: Float32Array,
  from: number,
  to: number,
  report: Report,
  use: (piece: Float32Array, at: number) => void,
): Promise<void> {
  const resampler = createResampler(kernels, from, to);
  let at = 0;
  const take = (piece: Float32Array) => {
    use(piece, at);
    at += piece.length;
  };
  try {
    for (let begin = 0; begin < samples.length; begin += BLOCK) {
      take(resampler.push(samples.subarray(begin, begin + BLOCK)));
      await report(begin / samples.length);
    }
    take(resampler.flush());
  } finally {
    resampler.dispose();
  }
}

/** target[i] += sign · g · signal[i], where g is read from `gains`, a value every `hop` samples, at sample `offset` + i. */
function addProduct(
  target: Float32Array,
  signal: Float32Array,
  gains: Float32Array,
  hop: number,
  sign: 1 | -1,
  offset = 0,
): void {
  const count = Math.min(target.length, signal.length);
  const last = gains.length - 1;
  for (let i = 0; i < count; i++) {
    const at = Math.min((offset + i) / hop, last);
    const below = Math.floor(at);
    const left = gains[below] as number;
    const gain = left + ((gains[Math.min(below + 1, last)] as number) - left) * (at - below);
    target[i] = (target[i] as number) + sign * gain * (signal[i] as number);
  }
}

function fitted(samples: Float32Array, length: number): Float32Array {
  if (samples.length === length) return samples;
  if (samples.length > length) return samples.slice(0, length);
  const longer = new Float32Array(length);
  longer.set(samples);
  return longer;
}

/** Scaled down as a whole where a peak exceeds 0.98. In place. */
function limited(samples: Float32Array): Float32Array {
  const peak = peakOf(samples);
  if (peak > LIMIT) scale(samples, LIMIT / peak);
  return samples;
}

function scale(samples: Float32Array, gain: number): void {
  for (let i = 0; i < samples.length; i++) samples[i] = (samples[i] as number) * gain;
}

function meanSquare(samples: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < samples.length; i++) sum += (samples[i] as number) ** 2;
  return sum / Math.max(samples.length, 1);
}

export function peakOf(samples: Float32Array): number {
  let peak = 0;
  for (let i = 0; i < samples.length; i++) peak = Math.max(peak, Math.abs(samples[i] as number));
  return peak;
}
