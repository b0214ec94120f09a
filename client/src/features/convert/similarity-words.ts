import type { Language } from '../../i18n/language.ts';
import type { SimilarityReading } from './similarity-reading.ts';

interface SimilarityWords {
  readonly measure: string;
  /** The model is fetched when it is first needed. */
  readonly firstTime: string;
  readonly measuring: string;
  readonly title: string;
  readonly readings: Readonly<Record<SimilarityReading, string>>;
  readonly score: (value: string) => string;
}

export const similarityWords: Readonly<Record<Language, SimilarityWords>> = {
  vi: {
    measure: 'Đo độ giống giọng',
    firstTime: 'Lần đầu tải khoảng 14 MB.',
    measuring: 'Đang so hai giọng…',
    title: 'Độ giống giọng',
    readings: { very: 'Rất giống', fairly: 'Khá giống', slightly: 'Hơi giống', different: 'Khác' },
    score: (value) => `${value} trên 1`,
  },
  en: {
    measure: 'Measure the similarity',
    firstTime: 'Loads some 14 MB the first time.',
    measuring: 'Comparing the two voices…',
    title: 'Similarity of the voice',
    readings: { very: 'Very similar', fairly: 'Fairly similar', slightly: 'Slightly similar', different: 'Different' },
    score: (value) => `${value} of 1`,
  },
};
