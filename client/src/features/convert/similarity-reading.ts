/** How similar two voices are, in a word. */
export type SimilarityReading = 'very' | 'fairly' | 'slightly' | 'different';

/**
 * The lowest similarity of each reading (cosine of CAM++ embeddings of up to 12 s of speech). They come from these measurements:
 *
 *   one speaker, two recordings (105 pairs of 7 speakers of LibriSpeech)    median 0.82, a quarter below 0.76, 5 % below 0.60
 *   two speakers (1837 pairs of 47 speakers)                                median 0.36, a quarter above 0.46, 5 % above 0.60, none above 0.73
 *   results of `mini` to their voice (12 conversions, 2 languages)          0.44 to 0.76, median 0.67
 *   the sources of these to the voice, unconverted                          0.10 to 0.55, median 0.30
 *
 * So no stranger is "very" similar, and "fairly" similar are nearly all recordings of one speaker and one stranger in twenty.
 */
const lowest: readonly (readonly [SimilarityReading, number])[] = [
  ['very', 0.75],
  ['fairly', 0.6],
  ['slightly', 0.45],
];

/** What a similarity of −1..1 means to a listener. */
export function readingOf(similarity: number): SimilarityReading {
  return lowest.find(([, limit]) => similarity >= limit)?.[0] ?? 'different';
}
