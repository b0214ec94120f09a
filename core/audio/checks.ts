import { InputError } from '../errors.ts';
import { type Audio, durationSeconds } from './audio.ts';
import { type AudioLimits, checkNotTooLong, checkNotTooShort, checkStream, defaultLimits } from './limits.ts';

/** Below this peak (−80 dBFS) nothing can be heard or converted. */
const silentPeak = 1e-4;

/** Throws `InputError('audio-silent')` when nothing is louder than −80 dBFS; a constant, however large, is no sound. */
export function checkAudible({ samples }: Audio): void {
  if (!isAudible(samples)) throw new InputError('audio-silent');
}

/** Whether the samples move further than a wave of the silent peak does. */
function isAudible(samples: Float32Array): boolean {
  let [lowest, highest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < samples.length; i++) {
    const sample = samples[i] ?? 0;
    if (sample < lowest) lowest = sample;
    if (sample > highest) highest = sample;
    if (highest - lowest > 2 * silentPeak) return true;
  }
  return false;
}

/** Throws `InputError('audio-not-finite')` at the first NaN or infinity. */
export function checkFinite({ samples }: Audio): void {
  for (let i = 0; i < samples.length; i++) {
    if (!Number.isFinite(samples[i])) throw new InputError('audio-not-finite', { sample: i });
  }
}

/** The checks that `decodeAudio` makes, for sound that came without a file. */
export function checkAudio(audio: Audio, limits: AudioLimits = defaultLimits): void {
  if (audio.samples.length === 0) throw new InputError('audio-empty');
  checkStream(audio.sampleRate, 1, limits);
  checkNotTooLong(durationSeconds(audio), limits);
  checkNotTooShort(durationSeconds(audio), limits);
  checkFinite(audio);
}
