import { measureLoudness, truePeak } from '../kernels/loudness.ts';
import type { Kernels } from '../kernels/module.ts';
import type { Audio } from './audio.ts';
import { limitPeaksInPlace, scaleInPlace } from './limiter.ts';

/** Highest true peak of a result: −0.3 dBTP. */
export const peakCeiling = 10 ** (-0.3 / 20);
/** A result is raised or lowered by no more than this. */
const mostDecibels = 20;
/** Peaks are limited by no more than this: a limiter that works harder is heard in the voice, some lacking loudness is not. */
const mostLimitingDecibels = 3;
/** Differences below this are not heard, and not changed. */
const leastDecibels = 0.05;

/** Integrated loudness in LUFS (BS.1770-4), −Infinity for silence. */
export function loudnessOf({ samples, sampleRate }: Audio, kernels: Kernels): number {
  return measureLoudness(kernels, samples, sampleRate).integrated;
}

/**
 * Brings sound to a loudness in LUFS (BS.1770-4, by at most 20 dB) and its true peak to at most −0.3 dBTP, in place. Peaks that
 * are too high are limited where they are, by at most 3 dB: sound whose peaks stand out more stays below the loudness asked
 * for. Silence stays as it is.
 */
export function matchLoudnessInPlace(audio: Audio, targetLufs: number, kernels: Kernels): void {
  const gain = levelGain(targetLufs, loudnessOf(audio, kernels), truePeak(kernels, audio.samples));
  if (gain !== 1) scaleInPlace(audio.samples, gain);
  limitPeaksInPlace(audio, peakCeiling, kernels);
}

/**
 * Factor that brings sound of one loudness in LUFS and this true peak (linear) to another loudness, by at most 20 dB and no further
 * than 3 dB of limiting allow; 1 where that makes no difference.
 */
export function levelGain(targetLufs: number, ownLufs: number, ownPeak: number): number {
  const difference = targetLufs - ownLufs;
  if (!Number.isFinite(difference)) return 1;
  const room = 20 * Math.log10(peakCeiling / ownPeak) + mostLimitingDecibels;
  const decibels = Math.max(-mostDecibels, Math.min(mostDecibels, difference, room));
  return Math.abs(decibels) > leastDecibels ? 10 ** (decibels / 20) : 1;
}
