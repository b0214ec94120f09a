import { InputError } from '../../errors.ts';
import type { Tensor } from '../../inference/runtime.ts';
import type { Feature, VoiceProfile } from '../../voice/profile.ts';
import { BANDS } from './bands.ts';
import type { Analysis } from './envelope.ts';
import { CHANNELS } from './network.ts';
import { EnvelopeRows } from './rows.ts';

export const ENGINE_ID = 'mini';
/** Frames of a voice at most: 30 s. */
export const MOST_VOICE_FRAMES = 3000;

/** What the engine keeps of a speaker. */
export interface Voice {
  readonly analysis: Analysis;
  /** Content of the same frames, [1, CHANNELS, ⌈frames/2⌉]. */
  readonly z: Tensor;
}

/** The voice as features of a profile. */
export function toFeatures({ analysis: { f0, envelope, active }, z }: Voice): Readonly<Record<string, Feature>> {
  const frames = f0.length;
  return {
    f0: { dims: [frames], data: Float32Array.from(f0) },
    E: { dims: [frames, BANDS], data: envelope.toArray() },
    active: { dims: [frames], data: Float32Array.from(active) },
    z: { dims: z.dims.slice(1), data: z.data as Float32Array },
  };
}

/** The voice of a profile. Throws `InputError('voice-engine-mismatch')` where the engine never saw it, `'voice-corrupt'` where features do not fit together. */
export function fromProfile(profile: VoiceProfile): Voice {
  const features = profile.engines[ENGINE_ID];
  if (!features) throw new InputError('voice-engine-mismatch', { engine: ENGINE_ID });
  const { f0: track } = features;
  const frames = track?.data.length ?? 0;
  if (frames < 2 || frames > MOST_VOICE_FRAMES + 1) throw new InputError('voice-corrupt', { engine: ENGINE_ID });
  const f0 = feature(features, 'f0', [frames]);
  const envelope = feature(features, 'E', [frames, BANDS]);
  const active = feature(features, 'active', [frames]);
  const z = feature(features, 'z', [CHANNELS, Math.ceil(frames / 2)]);
  if (!active.includes(1)) throw new InputError('voice-corrupt', { engine: ENGINE_ID, feature: 'active' });
  return {
    analysis: {
      f0: Float64Array.from(f0),
      envelope: EnvelopeRows.from(envelope),
      active: Uint8Array.from(active, (flag) => (flag === 1 ? 1 : 0)),
    },
    z: { dims: [1, CHANNELS, Math.ceil(frames / 2)], data: z },
  };
}

function feature(features: Readonly<Record<string, Feature>>, name: string, dims: readonly number[]): Float32Array {
  const found = features[name];
  const fits =
    found?.dims.length === dims.length &&
    dims.every((size, i) => found.dims[i] === size) &&
    found.data.length === dims.reduce((product, size) => product * size, 1) &&
    found.data.every(Number.isFinite);
  if (!found || !fits) throw new InputError('voice-corrupt', { engine: ENGINE_ID, feature: name });
  return found.data;
}
