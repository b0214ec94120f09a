import type { Control } from '#core/engines/engine.ts';
import { createSpeakerEncoder, similarityOf } from '#core/voice/similarity.ts';
import { browserHost } from './host.ts';
import type { LocalComparison, LocalSimilarity } from './protocol.ts';

const speakers = createSpeakerEncoder(browserHost());

/** How similar the voices of two recordings are, by the same measure as on a server. */
export async function similarityLocally(
  { result, reference }: LocalComparison,
  { signal }: Control,
): Promise<LocalSimilarity> {
  const wanted = await speakers.embed(new Uint8Array(reference), { signal });
  const heard = await speakers.embed(new Uint8Array(result), { signal });
  return { similarity: similarityOf(heard, wanted) };
}
