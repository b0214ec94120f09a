import { InputError } from '../errors.ts';
import { type Audio, durationSeconds } from './audio.ts';
import { type AudioLimits, checkNotTooLong, checkNotTooShort, checkStream, defaultLimits } from './limits.ts';

/** Below this peak (−80 dBFS) nothing can be heard or converted. */
const silentPeak = 1e-4;

/** Throws `InputError('audio-silent')` when nothing is louder than −80 dBFS; a constant, however large, is no sound. */
export function checkAudible({ samples }: Audio): void {
  if (!new Hearing().hears(samples)) throw new InputError('audio-silent');
}

/** Whether something can be heard in sound that comes piece by piece: whether it moves further than a wave of the silent peak does. */
export class Hearing {
  #lowest = Number.POSITIVE_INFINITY;
  #highest = Number.NEGATIVE_INFINITY;

  /** Whether there has been anything to hear up to and with this piece. */
  hears(samples: Float32Array): boolean {
    for (let i = 0; i < samples.length && !this.#isAudible; i++) {
      const sample = samples[i] ?? 0;
      this.#lowest = Math.min(this.#lowest, sample);
      this.#highest = Math.max(this.#highest, sample);
    }
    return this.#isAudible;
  }

  get #isAudible(): boolean {
    return this.#highest - this.#lowest > 2 * silentPeak;
  }
}

/** Throws `InputError('audio-not-finite')` at the first NaN or infinity. `offset`: where these samples stand in the recording. */
export function checkFinite(samples: Float32Array, offset = 0): void {
  for (let i = 0; i < samples.length; i++) {
    if (!Number.isFinite(samples[i])) throw new InputError('audio-not-finite', { sample: offset + i });
  }
}

/** The checks that `decodeAudio` makes, for sound that came without a file. */
export function checkAudio(audio: Audio, limits: AudioLimits = defaultLimits): void {
  if (audio.samples.length === 0) throw new InputError('audio-empty');
  checkStream(audio.sampleRate, 1, limits);
  checkNotTooLong(durationSeconds(audio), limits);
  checkNotTooShort(durationSeconds(audio), limits);
  checkFinite(audio.samples);
}
