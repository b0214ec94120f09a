import type { VoiceWarning } from '#core/voice/quality.ts';
import type { Language } from '../language.ts';

/** What is wrong with the references, and how to do better. */
interface Wording {
  readonly title: string;
  readonly detail: string;
}

const words: Readonly<Record<Language, Readonly<Record<VoiceWarning, Wording>>>> = {
  vi: {
    'speech-short': {
      title: 'Có ít giọng nói để học theo',
      detail: 'Hãy thêm bản thu: 10 đến 30 giây giọng nói cho kết quả tốt nhất.',
    },
    noisy: {
      title: 'Bản thu có nhiều tiếng ồn',
      detail: 'Hãy thu ở nơi yên tĩnh, gần micro hơn, để giọng không lẫn tiếng ồn.',
    },
    clipped: {
      title: 'Bản thu bị vỡ tiếng ở chỗ to',
      detail: 'Hãy giảm âm lượng thu hoặc nói xa micro hơn một chút.',
    },
  },
  en: {
    'speech-short': {
      title: 'There is little speech to learn from',
      detail: 'Add recordings: 10 to 30 seconds of speech work best.',
    },
    noisy: {
      title: 'The recordings are noisy',
      detail: 'Record in a quiet place and nearer to the microphone, so that no noise gets into the voice.',
    },
    clipped: {
      title: 'The recordings are distorted where they are loud',
      detail: 'Turn the recording level down, or speak a little further from the microphone.',
    },
  },
};

export function wordWarning(warning: VoiceWarning, language: Language): Wording {
  return words[language][warning];
}
