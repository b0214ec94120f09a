import type { Control } from '#core/engines/engine.ts';
import { isVoice, parseVoice } from '#core/voice/serialize.ts';
import { createSpeakerEncoder, meanSpeaker, type SpeakerEmbedding, similarityOf } from '#core/voice/similarity.ts';
import { speakerOf } from '#core/voice/speaker.ts';
import { browserHost } from './host.ts';
import type { LocalComparison, LocalSimilarity } from './protocol.ts';

const speakers = createSpeakerEncoder(browserHost());

/** How similar the voice of a recording is to another one, by the same measure as on a server. */
export async function similarityLocally(
  { result, references }: LocalComparison,
  control: Pick<Control, 'signal'>,
): Promise<LocalSimilarity> {
  const wanted: SpeakerEmbedding[] = [];
  for (const reference of references.map((bytes) => new Uint8Array(bytes))) {
    const speaker = isVoice(reference) ? speakerOf(parseVoice(reference)) : await speakers.embed(reference, control);
    if (speaker) wanted.push(speaker);
  }
  if (wanted.length === 0) return { similarity: null };
  const heard = await speakers.embed(new Uint8Array(result), control);
  return { similarity: similarityOf(heard, meanSpeaker(wanted)) };
}
