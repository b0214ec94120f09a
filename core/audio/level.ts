import type { Kernels } from '../kernels/module.ts';
import { limitPeaksInPlace, scaleInPlace } from './limiter.ts';
import { levelGain, peakCeiling } from './loudness.ts';
import { LoudnessMeter } from './loudness-meter.ts';
import type { Sound } from './sound.ts';

/** Milliseconds limited at once; the limiter works in steps of one. */
const pieceSteps = 5000;
/** Milliseconds before and behind a piece that the limiter hears too: its gain has come back to 0.005 % of what it was. */
const marginSteps = 500;

/**
 * `matchLoudnessInPlace` for sound that is not in memory: goes through it once to measure it; the sound that it gives is brought to
 * the loudness, and limited, each time it is gone through.
 */
export async function matchLoudness(
  sound: Sound,
  targetLufs: number,
  kernels: Kernels,
  report: (fraction: number) => Promise<void>,
): Promise<Sound> {
  const meter = new LoudnessMeter(kernels, sound.sampleRate);
  let read = 0;
  for await (const piece of sound.pieces()) {
    meter.push(piece);
    read += piece.length;
    await report(read / sound.length);
  }
  const { loudness, truePeak } = meter.finish();
  const gain = levelGain(targetLufs, loudness, truePeak);
  const { sampleRate, length } = sound;
  return { sampleRate, length, pieces: () => limited(sound, gain, kernels) };
}

/** The sound times `gain`, its true peaks at most −0.3 dBTP. */
async function* limited(sound: Sound, gain: number, kernels: Kernels): AsyncGenerator<Float32Array> {
  const { sampleRate } = sound;
  const step = Math.max(1, Math.round(sampleRate / 1000));
  const margin = marginSteps * step;
  const size = pieceSteps * step;
  // A piece with both its margins.
  const window = new Float32Array(size + 2 * margin);
  const result = new Float32Array(window.length);
  let filled = 0;
  let begin = 0;
  const limit = (end: number) => {
    const samples = result.subarray(0, filled);
    samples.set(window.subarray(0, filled));
    scaleInPlace(samples, gain);
    limitPeaksInPlace({ samples, sampleRate }, peakCeiling, kernels);
    return samples.subarray(begin, end);
  };
  for await (const piece of sound.pieces()) {
    for (let at = 0; at < piece.length; ) {
      const part = piece.subarray(at, at + window.length - filled);
      window.set(part, filled);
      filled += part.length;
      at += part.length;
      if (filled < window.length) continue;
      const end = filled - margin;
      yield limit(end);
      window.copyWithin(0, end - margin);
      filled = 2 * margin;
      begin = margin;
    }
  }
  if (filled > begin) yield limit(filled);
}
