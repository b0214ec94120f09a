import { InputError } from '../../errors.ts';
import type { Feature, VoiceProfile } from '../../voice/profile.ts';
import { MOST_REFERENCE_SECONDS, type Preset, STYLE_WIDTH } from './presets.ts';
import type { Values } from './tensors.ts';

/** Goes up when features change their meaning: voices of another version are made again. */
const VERSION = 1;
/** Values of a conditioning frame at most: more than any model has. */
const MOST_WIDTH = 4096;

/** All that a model needs of a speaker. */
export interface Voice {
  /** Log-mel of the reference, [bands, frames]. */
  readonly mel: Float32Array;
  /** What the length regulator made of the reference's content, [frames, width]. */
  readonly condition: Values;
  /** Speaker embedding by CAM++, [STYLE_WIDTH]. */
  readonly style: Float32Array;
  /** Hz at 100 frames a second; of models that sing. */
  readonly pitch: Float32Array | undefined;
}

/** The voice as features of a profile. */
export function toFeatures(
  { mel, condition, style, pitch }: Voice,
  { mel: { bands } }: Preset,
): Record<string, Feature> {
  return {
    version: { dims: [1], data: Float32Array.of(VERSION) },
    mel: { dims: [bands, mel.length / bands], data: mel },
    condition,
    style: { dims: [STYLE_WIDTH], data: style },
    ...(pitch && { pitch: { dims: [pitch.length], data: pitch } }),
  };
}

/**
 * The voice of a profile. Throws `InputError('voice-engine-mismatch')` where this model never saw it or another version of the
 * program did, `'voice-corrupt'` where features do not fit together.
 */
export function fromProfile(profile: VoiceProfile, { id, mel: { sampleRate, hop, bands }, isPitched }: Preset): Voice {
  const features = profile.engines[id];
  if (features?.version?.data[0] !== VERSION) throw new InputError('voice-engine-mismatch', { engine: id });
  const feature = (name: string, fits: (dims: readonly number[]) => boolean): Feature => {
    const found = features[name];
    const size = found?.dims.reduce((product, each) => product * each, 1);
    if (!found || !fits(found.dims) || size !== found.data.length || !found.data.every(Number.isFinite)) {
      throw new InputError('voice-corrupt', { engine: id, feature: name });
    }
    return found;
  };
  const mostFrames = (MOST_REFERENCE_SECONDS * sampleRate) / hop;
  const mel = feature('mel', ([rows, columns = 0]) => rows === bands && columns >= 1 && columns <= mostFrames);
  const frames = mel.dims[1];
  return {
    mel: mel.data,
    condition: feature('condition', ([rows, width = 0]) => rows === frames && width >= 1 && width <= MOST_WIDTH),
    style: feature('style', ([width]) => width === STYLE_WIDTH).data,
    pitch: isPitched ? feature('pitch', (dims) => dims.length === 1).data : undefined,
  };
}
