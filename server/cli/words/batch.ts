import type { Language } from '../../language.ts';

const vietnamese = {
  batch: 'chuyển nhiều bản ghi, hoặc cả thư mục, sang một giọng',
  paths: 'tệp âm thanh, hoặc thư mục (lấy mọi bản ghi bên trong)',
  outFolder: 'thư mục cho các kết quả TÊN.giong.wav; bắt buộc',
  jobs: 'số tệp được chuyển cùng lúc (mặc định: số nhân CPU)',
  force: 'chuyển lại cả những tệp đã có kết quả',
  format: 'wav, flac hoặc mp3 (mặc định: wav)',
  done: 'đã chuyển',
  skipped: 'đã có sẵn',
  failed: 'bị lỗi',
};

const english: typeof vietnamese = {
  batch: 'convert many recordings, or whole folders, to one voice',
  paths: 'audio files, or folders (with all recordings inside)',
  outFolder: 'folder of the results, NAME.giong.wav; required',
  jobs: 'how many files are converted at a time (default: CPU cores)',
  force: 'convert those again whose result is there already',
  format: 'wav, flac or mp3 (default: wav)',
  done: 'converted',
  skipped: 'there already',
  failed: 'failed',
};

export const batchWords: Readonly<Record<Language, Readonly<typeof vietnamese>>> = { vi: vietnamese, en: english };
