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
  untold: 'Không đo được: giọng này không giữ bản mẫu nào để so. Tạo lại giọng từ bản mẫu thì đo được.',
  title: 'Độ giống giọng',
  readings: viReadings,
  score: (value: string) => `${value} trên 1`,
};

export const en: typeof vi = {
  measure: 'Measure the similarity',
  firstTime: 'Loads some 14 MB the first time.',
  measuring: 'Comparing the two voices…',
  untold: 'Cannot be told: this voice keeps no sample to compare with. Make it again from samples and it can.',
  title: 'Similarity of the voice',
  readings: { very: 'Very similar', fairly: 'Fairly similar', slightly: 'Slightly similar', different: 'Different' },
  score: (value: string) => `${value} of 1`,
};

export const words = wordsOf({ vi, en });
