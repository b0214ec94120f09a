import { wordsOf } from '../../i18n/index.ts';

export const vi = {
  title: 'Nhiều bản ghi nguồn',
  hint: (count: number) => `${count} tệp, cùng đổi sang một giọng.`,
  list: 'Các tệp của lô',
  add: 'Thêm tệp',
  clear: 'Bỏ cả lô',
  removeNamed: (name: string) => `Bỏ ${name}`,
  states: {
    ready: 'Sẵn sàng',
    uploading: (percent: string) => `Đang tải lên, ${percent}`,
    queued: 'Đang chờ đến lượt',
    active: (percent: string) => `Đang chuyển, ${percent}`,
    done: 'Đã xong',
    failed: 'Không chuyển được',
    cancelled: 'Chưa chuyển',
  },
  run: (count: number) => `Chuyển giọng ${count} tệp`,
  again: 'Chuyển lại cả lô',
  running: (done: number, count: number) => `Đã xong ${done} trong ${count} tệp`,
  over: (done: number, count: number) => `Đã chuyển ${done} trong ${count} tệp.`,
  progress: 'Tiến độ của lô',
  cancel: 'Hủy lô',
  zip: 'Tải về tất cả (ZIP)',
  zipName: 'giong.zip',
};

export const en: typeof vi = {
  title: 'Several source recordings',
  hint: (count: number) => `${count} files, all into one voice.`,
  list: 'Files of the batch',
  add: 'Add files',
  clear: 'Drop the batch',
  removeNamed: (name: string) => `Remove ${name}`,
  states: {
    ready: 'Ready',
    uploading: (percent: string) => `Uploading, ${percent}`,
    queued: 'In line',
    active: (percent: string) => `Converting, ${percent}`,
    done: 'Done',
    failed: 'Could not be converted',
    cancelled: 'Not converted',
  },
  run: (count: number) => `Convert ${count} files`,
  again: 'Convert the batch again',
  running: (done: number, count: number) => `${done} of ${count} files done`,
  over: (done: number, count: number) => `${done} of ${count} files converted.`,
  progress: 'Progress of the batch',
  cancel: 'Cancel the batch',
  zip: 'Download all (ZIP)',
  zipName: 'giong.zip',
};

export const words = wordsOf({ vi, en });
