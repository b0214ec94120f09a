import type { Audio } from '#core/audio/audio.ts';
import { InputError } from '#core/errors.ts';
import {
  leastSimilar,
  meanSpeaker,
  type SpeakerEmbedding,
  type SpeakerEncoder,
  whereTold,
} from '#core/voice/similarity.ts';

/** Who speaks in the references of a voice. */
export interface HeardSpeaker {
  /** Undefined where it cannot be told. */
  readonly speaker?: SpeakerEmbedding | undefined;
  /** Of the reference that is least similar to the others; null for a single one. */
  readonly similarity: number | null;
}

/**
 * Hears the references of one voice, and makes sure that they are one person's where a threshold is given: the similarity that each must
 * have to the others. Throws `InputError('references-differ')`; with a threshold, also what keeps the speaker from being told;
 * `CancelledError`.
 */
export async function hearSpeaker(
  encoder: SpeakerEncoder,
  references: readonly Audio[],
  threshold: number | undefined,
  signal: AbortSignal,
): Promise<HeardSpeaker> {
  const isCompared = threshold !== undefined && references.length > 1;
  const speakers: SpeakerEmbedding[] = [];
  for (const reference of references) {
    const heard = encoder.embed(reference, { signal });
    const speaker = await (isCompared ? heard : whereTold(heard));
    if (speaker) speakers.push(speaker);
  }
  if (speakers.length === 0) return { similarity: null };
  const least = leastSimilar(speakers);
  if (isCompared && least && least.similarity < threshold) {
    throw new InputError('references-differ', {
      reference: least.index + 1,
      similarityPercent: Math.floor(100 * Math.max(0, least.similarity)),
      limitPercent: Math.ceil(100 * threshold),
    });
  }
  return { speaker: meanSpeaker(speakers), similarity: least?.similarity ?? null };
}
