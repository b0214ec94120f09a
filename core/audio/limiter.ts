import { truePeak } from '../kernels/loudness.ts';
import type { Kernels } from '../kernels/module.ts';
import type { Audio } from './audio.ts';

/** Steps in which the gain moves. */
const stepSeconds = 0.001;
/** The gain falls within twice this time before a peak. */
const lookAheadSeconds = 0.005;
/** Time in which the gain comes back by 63 %. */
const releaseSeconds = 0.05;
/** The true peak is looked for beyond a step's ends, so that what lies between two steps belongs to both. */
const marginSamples = 32;
const rounds = 4;
/** Peaks are brought a hair below the ceiling, so that rounding does not leave them above it. */
const headroom = 0.9995;
/** A step whose samples stay below this share of the ceiling has no true peak above it. */
const harmlessShare = 0.5;

/**
 * Keeps the true peak (BS.1770-4) at or below `ceiling` (linear, 1 = full scale), in place: only around peaks the gain goes down,
 * smoothly and beforehand; elsewhere nothing changes. Nothing at all changes when no peak is too high.
 */
export function limitPeaksInPlace({ samples, sampleRate }: Audio, ceiling: number, kernels: Kernels): void {
  const step = Math.max(1, Math.round(stepSeconds * sampleRate));
  const reach = Math.max(1, Math.round(lookAheadSeconds / stepSeconds));
  const release = 1 - Math.exp(-stepSeconds / releaseSeconds);
  // A moving gain bends the wave a little, which may leave some hundredths of a decibel: those go in the next round.
  for (let round = 0; round < rounds; round++) {
    const needed = neededGains(samples, step, ceiling, kernels);
    if (needed.every((gain) => gain === 1)) return;
    applyGains(samples, step, movingMean(released(movingMinimum(needed, reach + 1), release), reach));
  }
  const left = truePeak(kernels, samples);
  if (left > ceiling) scaleInPlace(samples, ceiling / left);
}

export function scaleInPlace(samples: Float32Array, gain: number): void {
  for (let i = 0; i < samples.length; i++) samples[i] = (samples[i] ?? 0) * gain;
}

/** For each step the gain that brings its true peak down to the ceiling. */
function neededGains(samples: Float32Array, step: number, ceiling: number, kernels: Kernels): Float32Array {
  const gains = new Float32Array(Math.ceil(samples.length / step)).fill(1);
  for (let i = 0; i < gains.length; i++) {
    const start = i * step;
    if (magnitude(samples, start, start + step) < ceiling * harmlessShare) continue;
    const around = samples.subarray(Math.max(0, start - marginSamples), start + step + marginSamples);
    const peak = truePeak(kernels, around);
    if (peak > ceiling) gains[i] = (ceiling / peak) * headroom;
  }
  return gains;
}

function magnitude(samples: Float32Array, start: number, end: number): number {
  let largest = 0;
  for (let i = start; i < end && i < samples.length; i++) largest = Math.max(largest, Math.abs(samples[i] ?? 0));
  return largest;
}

/** The least of the values up to `reach` steps away. */
function movingMinimum(values: Float32Array, reach: number): Float32Array {
  return values.map((value, i) => {
    let least = value;
    for (let k = Math.max(0, i - reach); k <= i + reach && k < values.length; k++)
      least = Math.min(least, values[k] ?? 1);
    return least;
  });
}

/** Falls at once, comes back slowly. */
function released(values: Float32Array, release: number): Float32Array {
  let gain = 1;
  return values.map((value) => {
    gain = Math.min(value, gain + (1 - gain) * release);
    return gain;
  });
}

/** The mean of the values up to `reach` steps away: no more than the least of them before `movingMinimum` with that reach. */
function movingMean(values: Float32Array, reach: number): Float32Array {
  return values.map((_, i) => {
    let sum = 0;
    for (let k = i - reach; k <= i + reach; k++) sum += values[Math.min(values.length - 1, Math.max(0, k))] ?? 1;
    return sum / (2 * reach + 1);
  });
}

/** Multiplies, going straight from the gain of one step's middle to the next one's. */
function applyGains(samples: Float32Array, step: number, gains: Float32Array): void {
  const last = gains.length - 1;
  for (let i = 0; i < samples.length; i++) {
    const position = Math.min(last, Math.max(0, (i + 0.5) / step - 0.5));
    const index = Math.floor(position);
    const gain = gains[index] ?? 1;
    const next = gains[Math.min(last, index + 1)] ?? 1;
    samples[i] = (samples[i] ?? 0) * (gain + (next - gain) * (position - index));
  }
}
