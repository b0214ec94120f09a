import type { Audio } from './audio.ts';

/** Levels of a recording in steps of equal length. */
export interface Levels {
  /** RMS of each step in dB relative to full scale, −120 at least. */
  readonly decibels: Float32Array;
  readonly stepSeconds: number;
}

const levelStepSeconds = 0.01;
const floorDecibels = -120;

/** RMS level in dB of each 10 ms; the last step may be shorter. */
export function measureLevels({ samples, sampleRate }: Audio): Levels {
  const step = Math.max(1, Math.round(levelStepSeconds * sampleRate));
  const decibels = new Float32Array(Math.ceil(samples.length / step));
  for (let i = 0; i < decibels.length; i++) {
    const start = i * step;
    const end = Math.min(start + step, samples.length);
    let sum = 0;
    for (let k = start; k < end; k++) sum += (samples[k] ?? 0) ** 2;
    decibels[i] = Math.max(floorDecibels, 10 * Math.log10(sum / (end - start)));
  }
  return { decibels, stepSeconds: step / sampleRate };
}

/** The value below which `share` (0..1) of the values lie. */
export function percentile(values: Float32Array, share: number): number {
  const sorted = values.toSorted();
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? floorDecibels;
}
