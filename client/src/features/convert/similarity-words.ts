import { wordsOf } from '../../i18n/index.ts';
import type { SimilarityReading } from './similarity-reading.ts';

const viReadings: Record<SimilarityReading, string> = {
  very: 'Rất giống',
  fairly: 'Khá giống',
  slightly: 'Hơi giống',
  different: 'Khác',
};

export const vi = {
  measure: 'Đo độ giống giọng',
  firstTime: 'Lần đầu tải khoảng 14 MB.',
  measuring: 'Đang so hai giọng…',
  title: 'Độ giống giọng',
  readings: viReadings,
  score: (value: string) => `${value} trên 1`,
};

export const en: typeof vi = {
  measure: 'Measure the similarity',
  firstTime: 'Loads some 14 MB the first time.',
  measuring: 'Comparing the two voices…',
  title: 'Similarity of the voice',
  readings: { very: 'Very similar', fairly: 'Fairly similar', slightly: 'Slightly similar', different: 'Different' },
  score: (value: string) => `${value} of 1`,
};

export const words = wordsOf({ vi, en });
