import { wordsOf } from '../../i18n/index.ts';

const vi = {
  lost: (count: number) =>
    `Máy này không đủ chỗ giữ ${count} tệp trong lúc chờ. Tải lại hoặc đóng trang thì phải chọn lại các tệp đó.`,
};

const en: typeof vi = {
  lost: (count: number) =>
    count === 1
      ? 'This device has no room to keep 1 file for you. After reloading or closing the page you will have to choose it again.'
      : `This device has no room to keep ${count} files for you. After reloading or closing the page you will have to choose them again.`,
};

/** Words about recordings that are being put together. */
export const unfinishedWords = wordsOf({ vi, en });
