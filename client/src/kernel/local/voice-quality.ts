import { checkAudible } from '#core/audio/checks.ts';
import { decodeAudio } from '#core/audio/decode.ts';
import type { Control } from '#core/engines/engine.ts';
import { measureQuality, type VoiceQuality } from '#core/voice/quality.ts';

/** What recordings of a voice are worth together, by level alone: needs no model. Throws `InputError` as `decodeAudio`, `audio-silent`. */
export async function voiceQualityOf(references: readonly ArrayBuffer[], { signal }: Control): Promise<VoiceQuality> {
  const recordings = [];
  for (const reference of references) {
    const { audio } = await decodeAudio(new Uint8Array(reference), { signal });
    checkAudible(audio);
    recordings.push(audio);
  }
  return measureQuality(recordings);
}
