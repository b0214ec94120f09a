import type { Language } from '../language.ts';

/** All words of the command line, besides those of errors. A missing translation does not compile. */
const vietnamese = {
  about: 'Giọng: đổi giọng trong bản ghi âm, giữ nguyên lời',
  version: 'in phiên bản',
  help: 'in hướng dẫn này',
  language: 'ngôn ngữ của thông báo: vi hoặc en (mặc định: theo LANG)',
  json: 'in kết quả dạng JSON',
  convert: 'chuyển một bản ghi âm sang giọng khác',
  source: 'tệp âm thanh, hoặc mã của một bản ghi mẫu',
  voice: 'bản ghi của giọng muốn lấy, hoặc mã của một giọng mẫu; lặp lại để có giọng tốt hơn từ nhiều bản ghi',
  engine: 'bộ chuyển giọng (mặc định: mini)',
  out: 'tệp kết quả (mặc định: TÊN.giong.wav trong thư mục hiện tại)',
  format: 'wav, flac hoặc mp3 (mặc định: theo đuôi của --out, nếu không thì wav)',
  strength: 'mức chuyển giọng, 0 đến 1',
  pitch: 'auto: theo giọng mới; keep: giữ nguyên; hoặc số nửa cung, −24 đến 24',
  formant: 'dời formant thêm chừng ấy nửa cung, −12 đến 12',
  noiseReduction: 'mức giảm ồn, 0 đến 1 (không ghi số: 1)',
  rate: 'tần số mẫu của kết quả, 16000 đến 48000 Hz (mặc định: như nguồn)',
  seed: 'hạt giống của phần ngẫu nhiên',
  serve: 'chạy máy chủ: trang web, API và các luồng chuyển giọng',
  port: 'cổng (mặc định 8080; 0: cổng trống bất kỳ)',
  host: 'địa chỉ lắng nghe (mặc định 0.0.0.0)',
  data: 'thư mục dữ liệu (mặc định ./data)',
  workers: 'số luồng chuyển giọng (mặc định: số nhân CPU)',
  voices: 'liệt kê các giọng mẫu',
  doctor: 'kiểm tra máy này có đủ điều kiện không',
  usageTitle: 'Cách dùng:',
  argumentsTitle: 'Tham số:',
  optionsTitle: 'Tùy chọn:',
  commandsTitle: 'Lệnh:',
  converting: 'Đang chuyển giọng',
  secondsLeft: 'còn khoảng',
  written: 'Đã ghi',
  serving: 'Giọng đang chạy tại',
  good: 'tốt',
  warnings: 'nên sửa',
  bad: 'phải sửa',
};

export type Words = Readonly<Record<keyof typeof vietnamese, string>>;

const english: Words = {
  about: 'Giọng: another voice for a recording, the same words',
  version: 'print the version',
  help: 'print this help',
  language: 'language of messages: vi or en (default: by LANG)',
  json: 'print the outcome as JSON',
  convert: 'convert a recording to another voice',
  source: 'an audio file, or the id of a sample recording',
  voice:
    'a recording of the voice to take on, or the id of a sample voice; repeat it to make the voice from several recordings',
  engine: 'the way to convert (default: mini)',
  out: 'the result (default: NAME.giong.wav in the current folder)',
  format: 'wav, flac or mp3 (default: by the ending of --out, else wav)',
  strength: 'how much of the conversion, 0 to 1',
  pitch: "auto: the new voice's; keep: the source's; or semitones, -24 to 24",
  formant: 'move the formants further by so many semitones, -12 to 12',
  noiseReduction: 'how much noise to take away, 0 to 1 (no number: 1)',
  rate: "sample rate of the result, 16000 to 48000 Hz (default: the source's)",
  seed: 'seed of everything random',
  serve: 'run the server: web page, API and the threads that convert',
  port: 'port (default 8080; 0: any free one)',
  host: 'address to listen on (default 0.0.0.0)',
  data: 'data folder (default ./data)',
  workers: 'threads that convert (default: CPU cores)',
  voices: 'list the sample voices',
  doctor: 'check whether this machine has what it takes',
  usageTitle: 'Usage:',
  argumentsTitle: 'Arguments:',
  optionsTitle: 'Options:',
  commandsTitle: 'Commands:',
  converting: 'Converting',
  secondsLeft: 'about',
  written: 'Wrote',
  serving: 'Giọng runs at',
  good: 'good',
  warnings: 'to be improved',
  bad: 'to be mended',
};

const all: Readonly<Record<Language, Words>> = { vi: vietnamese, en: english };

export function wordsIn(language: Language): Words {
  return all[language];
}
