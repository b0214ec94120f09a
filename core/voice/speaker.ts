import type { VoiceProfile } from './profile.ts';
import type { SpeakerEmbedding } from './similarity.ts';

/** The network whose embedding a profile holds, in the place where engines keep theirs. */
const NETWORK = 'campplus';
const LENGTH = 192;

/** The same voice with the speaker that was heard in its references, so that results can be compared with it. */
export function withSpeaker(profile: VoiceProfile, speaker: SpeakerEmbedding): VoiceProfile {
  const embedding = { dims: [speaker.length], data: speaker };
  return { ...profile, engines: { ...profile.engines, [NETWORK]: { embedding } } };
}

/** The speaker of a voice; undefined for one that was made without, or that holds no unit vector there. */
export function speakerOf({ engines }: VoiceProfile): SpeakerEmbedding | undefined {
  const data = engines[NETWORK]?.embedding?.data;
  if (data?.length !== LENGTH) return undefined;
  return Math.abs(Math.hypot(...data) - 1) < 1e-3 ? data : undefined;
}

/** Ids of the engines that a voice serves. */
export function enginesOf({ engines }: VoiceProfile): string[] {
  return Object.keys(engines).filter((id) => id !== NETWORK);
}
