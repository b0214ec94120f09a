import { type Sound, soundOf } from '../../audio/sound.ts';
import type { Kernels } from '../../kernels/module.ts';
import { createResampler } from '../../kernels/resample.ts';
import { HOP, SAMPLE_RATE } from './bands.ts';

/** Peak that the engine's own band is limited to, and the whole result. */
const BAND_PEAK = 0.97;
const LIMIT = 0.98;
/** Samples handed on at once. */
const BLOCK = 32768;

/** Brings `samples` to a mean square, or less where peaks would exceed 0.97. In place; returns the gain. */
export function levelTo(samples: Float32Array, power: number): number {
  const gain = Math.sqrt(power / Math.max(1e-12, meanSquare(samples)));
  const peak = gain * peakOf(samples);
  const limited = gain * Math.min(1, BAND_PEAK / Math.max(1e-9, peak));
  scale(samples, limited);
  return limited;
}

/** The source at another rate, exactly `length` samples. */
export function resampledSound(kernels: Kernels, source: Sound, sampleRate: number, length: number): Sound {
  return fitted(sampleRate, length, async function* () {
    const resampler = createResampler(kernels, source.sampleRate, sampleRate);
    try {
      for await (const piece of source.pieces()) yield resampler.push(piece);
      yield resampler.flush();
    } finally {
      resampler.dispose();
    }
  });
}

export function silence(sampleRate: number, length: number): Sound {
  return fitted(sampleRate, length, async function* () {});
}

/** What is needed to give a converted band its surroundings back. */
export interface Output {
  /** The recording as it came. */
  readonly source: Sound;
  /** The converted band at 16 kHz, as long. */
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
export function assembled(kernels: Kernels, output: Output): Sound {
  const { source, converted, outputRate, length } = output;
  const band = soundOf({ samples: converted, sampleRate: SAMPLE_RATE });
  const hasHighBand = source.sampleRate > SAMPLE_RATE && outputRate > SAMPLE_RATE;
  if (!hasHighBand) return resampledSound(kernels, band, outputRate, length);
  return fitted(outputRate, length, () => withHighBand(kernels, output));
}

/** converted + g·(source − samples) = g·source + (converted − g·samples), with one resampling for each side. */
async function* withHighBand(
  kernels: Kernels,
  { source, converted, highGains, outputRate }: Output,
): AsyncGenerator<Float32Array> {
  const toBand = createResampler(kernels, source.sampleRate, SAMPLE_RATE);
  const fromBand = createResampler(kernels, SAMPLE_RATE, outputRate);
  const toOutput = createResampler(kernels, source.sampleRate, outputRate);
  const hop = outputRate * (HOP / SAMPLE_RATE);
  // What came at one side before the other.
  let low = new Float32Array(0);
  let high = new Float32Array(0);
  let bandAt = 0;
  let at = 0;
  const takeBand = (samples: Float32Array) => {
    const piece = converted.slice(bandAt, bandAt + samples.length);
    addProduct(piece, samples, highGains, HOP, -1, bandAt);
    bandAt += samples.length;
    low = joined(low, fromBand.push(piece));
  };
  const take = (count: number): Float32Array => {
    const piece = fittedTo(low, count);
    addProduct(piece, high, highGains, hop, 1, at);
    at += count;
    low = low.slice(count);
    high = high.slice(count);
    return piece;
  };
  try {
    for await (const piece of source.pieces()) {
      takeBand(toBand.push(piece));
      high = joined(high, toOutput.push(piece));
      yield take(Math.min(low.length, high.length));
    }
    takeBand(toBand.flush());
    low = joined(low, fromBand.flush());
    high = joined(high, toOutput.flush());
    yield take(Math.max(low.length, high.length));
  } finally {
    for (const resampler of [toBand, fromBand, toOutput]) resampler.dispose();
  }
}

function fittedTo(samples: Float32Array, length: number): Float32Array {
  const out = new Float32Array(length);
  out.set(samples.subarray(0, length));
  return out;
}

function joined(before: Float32Array, after: Float32Array): Float32Array<ArrayBuffer> {
  const out = new Float32Array(before.length + after.length);
  out.set(before);
  out.set(after, before.length);
  return out;
}

/** Sound of exactly `length` samples: what is more is left out, what is missing is silence. */
function fitted(sampleRate: number, length: number, pieces: () => AsyncIterable<Float32Array>): Sound {
  return {
    sampleRate,
    length,
    async *pieces() {
      let left = length;
      for await (const piece of pieces()) {
        yield piece.subarray(0, left);
        left -= Math.min(left, piece.length);
      }
      for (; left > 0; left -= Math.min(left, BLOCK)) yield new Float32Array(Math.min(left, BLOCK));
    },
  };
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

/** Scales the whole down where a peak exceeds 0.98. */
export function limitInPlace(samples: Float32Array): void {
  const peak = peakOf(samples);
  if (peak > LIMIT) scale(samples, LIMIT / peak);
}

function scale(samples: Float32Array, gain: number): void {
  for (let i = 0; i < samples.length; i++) samples[i] = (samples[i] as number) * gain;
}

export function meanSquare(samples: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < samples.length; i++) sum += (samples[i] as number) ** 2;
  return sum / Math.max(samples.length, 1);
}

export function peakOf(samples: Float32Array): number {
  let peak = 0;
  for (let i = 0; i < samples.length; i++) peak = Math.max(peak, Math.abs(samples[i] as number));
  return peak;
}
