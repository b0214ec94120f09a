import { wordsOf } from '../i18n/index.ts';

export const vi = {
  titleOf: (screen: string) => `${screen} · Giọng`,
  titleWhile: (percent: string, title: string) => `${percent} · ${title}`,
  chooseScreen: 'Các trang',
  screens: {
    convert: 'Chuyển giọng',
    voices: 'Giọng',
    live: 'Trực tiếp',
    history: 'Lịch sử',
    system: 'Hệ thống',
    keys: 'Khóa API',
  },
  notFound: { title: 'Không có trang này', advice: 'Địa chỉ này không dẫn đến đâu cả.' },
};

export const en: typeof vi = {
  titleOf: (screen: string) => `${screen} · Giọng`,
  titleWhile: (percent: string, title: string) => `${percent} · ${title}`,
  chooseScreen: 'Screens',
  screens: {
    convert: 'Convert',
    voices: 'Voices',
    live: 'Live',
    history: 'History',
    system: 'System',
    keys: 'API keys',
  },
  notFound: { title: 'There is no such page', advice: 'This address leads nowhere.' },
};

export const words = wordsOf({ vi, en });
