import { type Audio, durationSeconds } from './audio/audio.ts';
import type { LazyFile } from './audio/byte-source.ts';
import { checkAudible, checkAudio } from './audio/checks.ts';
import { type AudioInfo, openAudio, readWhole } from './audio/decode.ts';
import type { AudioLimits } from './audio/limits.ts';
import { type Sound, soundOf } from './audio/sound.ts';
import type { Control } from './engines/engine.ts';
import type { Kernels } from './kernels/module.ts';
import { optionBounds } from './options.ts';

/** A file, in memory or read part by part (such as a `Blob`), or sound that is decoded already. */
export type Recording = Uint8Array | LazyFile | Audio;

export interface OpeningOptions {
  readonly limits: AudioLimits;
  /** Longer recordings are not taken into memory whole, in seconds. */
  readonly wholeSeconds: number;
  readonly kernels: Kernels;
}

export interface OpenedRecording {
  readonly sound: Sound;
  /** The same in memory, the caller's to change; undefined for a long recording. It has been heard to its end and is not silent. */
  readonly audio?: Audio | undefined;
  /** What the file is, once `sound` has been gone through; undefined for sound that came decoded. */
  info(): AudioInfo | undefined;
}

/** Opens a recording, and decodes it unless it is long. Throws `InputError` as `decodeAudio`, and `audio-silent`; `CancelledError`. */
export async function openRecording(
  recording: Recording,
  { limits, wholeSeconds, kernels }: OpeningOptions,
  control: Control,
): Promise<OpenedRecording> {
  if ('samples' in recording) {
    checkAudio(recording, limits);
    checkAudible(recording);
    const sound = soundOf(recording);
    const info = () => undefined;
    if (durationSeconds(recording) > wholeSeconds) return { sound, info };
    return { sound, audio: { ...recording, samples: recording.samples.slice() }, info };
  }
  // No result has a higher rate, so more would only take memory.
  const highest = { sampleRate: optionBounds.outputRate.maximum, kernels };
  const sound = await openAudio(recording, { limits, highest });
  const audio = await readWhole(sound, control, wholeSeconds * sound.sampleRate);
  if (audio) checkAudible(audio);
  return { sound, audio, info: () => sound.info };
}
