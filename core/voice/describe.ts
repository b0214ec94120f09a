import type { Converter } from '../convert.ts';
import type { Control } from '../engines/engine.ts';
import type { Recording } from '../recording.ts';
import type { VoiceProfile } from './profile.ts';

/** Describes a speaker for several engines, in one profile that serves them all. Throws as `Converter.profile`. */
export async function describeFor(
  engines: readonly string[],
  references: readonly Recording[],
  converter: Pick<Converter, 'profile'>,
  { signal, onProgress }: Control = {},
): Promise<VoiceProfile> {
  let whole: VoiceProfile = { speechSeconds: 0, engines: {} };
  for (const [index, engine] of engines.entries()) {
    const profile = await converter.profile(
      references,
      { engine },
      { signal, onProgress: (fraction) => onProgress?.((index + fraction) / engines.length) },
    );
    // Each engine finds speech in its own way: the first one's word counts.
    whole = index === 0 ? profile : { ...whole, engines: { ...whole.engines, ...profile.engines } };
  }
  return whole;
}
