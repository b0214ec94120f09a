import type { Audio } from '../audio/audio.ts';
import type { Sound } from '../audio/sound.ts';
import type { VoiceProfile } from '../voice/profile.ts';
import type { GivenSeedVcChoices } from './seed-vc/choices.ts';

/**
 * How a conversion is done. Every field has a default, see `defaultOptions`; what only some engines can do is left out unless it is
 * asked for, and refused by the others (`engineRefusal`).
 */
export interface ConvertOptions extends GivenSeedVcChoices {
  /** 0 gives the source back, 1 is the whole conversion. */
  readonly strength: number;
  /** `auto` moves median and spread to the voice's, `keep` leaves the source's pitch, a number shifts by semitones (−24..24). */
  readonly pitch: 'auto' | 'keep' | number;
  /** Extra move of the formants in semitones, −12..12: up sounds smaller, down larger. */
  readonly formant: number;
  /** Seed of everything random; the same seed gives the same bytes. */
  readonly seed: number;
  /** Rate of the result in Hz, 16000..48000; what lies above the engine's own band comes from the source, shaped. */
  readonly outputRate: number;
}

export const defaultOptions: Omit<ConvertOptions, 'outputRate'> = { strength: 1, pitch: 'auto', formant: 0, seed: 0 };

/** What can be chosen, and changed at any time, while a stream goes on. */
export type StreamOptions = Pick<ConvertOptions, 'strength' | 'pitch' | 'formant'>;

/**
 * A conversion that goes on as long as somebody speaks. Blocks of `blockSamples` go in one after the other, equally long ones come
 * out, `latencySamples` later. Calls of `push` are serial.
 */
export interface VoiceStream {
  /** Hz, of input and output. */
  readonly sampleRate: number;
  readonly blockSamples: number;
  /** Sample n of the output belongs to sample n − `latencySamples` of the input: what is looked ahead, not what time is taken. */
  readonly latencySamples: number;
  /** Holds from the next block on. */
  configure(options: StreamOptions): void;
  /** Throws `RangeError` where the block is not `blockSamples` long; numbers that are no numbers count as 0. */
  push(block: Float32Array): Promise<Float32Array<ArrayBuffer>>;
  /** Forgets all that was heard, as if just opened. */
  reset(): void;
  /** Gives memory back; no calls afterwards. */
  close(): void;
}

/** How the caller follows and stops long work. */
export interface Control {
  readonly signal?: AbortSignal | undefined;
  /** Share of the work that is done: grows from 0 and ends with exactly 1. */
  readonly onProgress?: ((fraction: number) => void) | undefined;
}

/**
 * A way to convert. Made by an `EngineFactory`, which loads its models; `dispose` frees them.
 * Calls on one engine are serial: the caller waits for one before the next.
 */
export interface Engine {
  readonly id: string;
  /** Bytes of the model files that it holds in memory; 0 when left out. */
  readonly modelBytes?: number;
  /** Describes a speaker by one or more recordings (any rate). Throws `InputError('reference-no-speech' | 'reference-too-short')`. */
  profile(references: readonly Audio[], control?: Control): Promise<VoiceProfile>;
  /**
   * The source's words in the profile's voice: as long as the source (but for `lengthAdjust`), at `options.outputRate`, not louder than full scale.
   * Throws `InputError('voice-engine-mismatch')`, `CancelledError`.
   */
  convert(source: Audio, voice: VoiceProfile, options: ConvertOptions, control?: Control): Promise<Audio>;
  /**
   * The same for recordings that are too long to be held whole: reads the source to its end before it asks for its length, and gives
   * sound that is made anew, from the source too, each time it is gone through. Its peaks may exceed full scale. An engine without
   * this gets the whole source in memory.
   */
  convertSound?(source: Sound, voice: VoiceProfile, options: ConvertOptions, control?: Control): Promise<Sound>;
  /**
   * Opens a stream into the profile's voice at `sampleRate` (Hz, 8000..192000). An engine without this can't convert live. While a
   * stream is open, `convert` and `profile` may be called between two blocks. Throws `InputError('voice-engine-mismatch')`.
   */
  openStream?(voice: VoiceProfile, options: StreamOptions, sampleRate: number): VoiceStream;
  dispose(): Promise<void>;
}
