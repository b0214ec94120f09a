import type { ErrorCode, ErrorDetails } from './errors.ts';

export type Language = 'vi' | 'en';

/** What is wrong, and what the reader can do about it. */
interface Wording {
  readonly title: string;
  readonly advice: string;
}

type Words = (details: Details) => Wording;

/** Details with the fallbacks that a sentence needs when one is missing. */
class Details {
  constructor(
    private readonly values: ErrorDetails,
    private readonly language: Language,
  ) {}

  number(name: string): string {
    const value = this.values[name];
    if (typeof value !== 'number') return value === undefined ? '?' : value;
    return value.toLocaleString(this.language === 'vi' ? 'vi-VN' : 'en-US', { maximumFractionDigits: 1 });
  }

  text(name: string): string {
    return String(this.values[name] ?? '?');
  }

  has(name: string): boolean {
    return this.values[name] !== undefined;
  }

  /** A length given in seconds, in the largest unit that fits. */
  duration(name: string): string {
    const seconds = Number(this.values[name]);
    if (!Number.isFinite(seconds)) return '?';
    const [amount, unit] = seconds >= 120 ? [seconds / 60, 'minute' as const] : [seconds, 'second' as const];
    const shown = amount.toLocaleString(this.language === 'vi' ? 'vi-VN' : 'en-US', { maximumFractionDigits: 1 });
    const units = { vi: { minute: 'phút', second: 'giây' }, en: { minute: 'minutes', second: 'seconds' } };
    return `${shown} ${units[this.language][unit]}`;
  }

  megabytes(name: string): string {
    const bytes = Number(this.values[name]);
    return Number.isFinite(bytes) ? `${Math.ceil(bytes / 2 ** 20)} MB` : '?';
  }
}

const vietnamese: Readonly<Record<ErrorCode, Words>> = {
  'audio-empty': () => ({ title: 'Tệp âm thanh trống', advice: 'Hãy chọn một tệp khác hoặc thu âm lại.' }),
  'audio-format-unknown': () => ({
    title: 'Không đọc được định dạng của tệp này',
    advice: 'Hãy dùng tệp WAV, MP3, FLAC, M4A, AAC, OGG, Opus hoặc WebM.',
  }),
  'audio-corrupt': (details) => ({
    title: details.text('reason') === 'truncated' ? 'Tệp âm thanh bị cắt cụt' : 'Tệp âm thanh bị hỏng',
    advice: 'Hãy tải lại hoặc xuất lại tệp từ bản gốc rồi thử lần nữa.',
  }),
  'audio-rate-unsupported': (details) => ({
    title: `Không hỗ trợ tần số lấy mẫu ${details.number('sampleRate')} Hz`,
    advice: `Hãy dùng tệp có tần số lấy mẫu từ ${details.number('minimum')} đến ${details.number('maximum')} Hz.`,
  }),
  'audio-channels-unsupported': (details) => ({
    title: `Không hỗ trợ tệp có ${details.number('channels')} kênh`,
    advice: `Hãy trộn tệp xuống còn nhiều nhất ${details.number('limit')} kênh.`,
  }),
  'audio-too-short': (details) => ({
    title: 'Đoạn âm thanh quá ngắn',
    advice: `Hãy dùng đoạn dài ít nhất ${details.duration('minimum')}.`,
  }),
  'audio-too-long': (details) => ({
    title: `Đoạn âm thanh dài quá ${details.duration('limit')}`,
    advice: 'Hãy cắt thành các đoạn ngắn hơn rồi chuyển từng đoạn.',
  }),
  'audio-too-large': (details) => ({
    title: `Tệp lớn quá ${details.megabytes('limit')}`,
    advice: 'Hãy nén tệp (MP3, Opus) hoặc cắt thành các tệp nhỏ hơn.',
  }),
  'audio-silent': () => ({
    title: 'Không nghe thấy gì trong đoạn âm thanh này',
    advice: 'Hãy kiểm tra micro và âm lượng thu, rồi thu âm lại.',
  }),
  'audio-not-finite': () => ({
    title: 'Tệp chứa giá trị âm thanh không hợp lệ',
    advice: 'Hãy xuất lại tệp từ phần mềm thu âm, tốt nhất là WAV 16 hoặc 24 bit.',
  }),
  'reference-no-speech': () => ({
    title: 'Không tìm thấy giọng nói trong bản thu mẫu',
    advice: 'Hãy dùng bản thu một người nói rõ ràng, ít nhạc nền và tiếng ồn.',
  }),
  'reference-too-short': (details) => ({
    title: 'Bản thu mẫu có quá ít giọng nói',
    advice: details.has('limit')
      ? `Cần ít nhất ${details.duration('limit')} giọng nói; 10 đến 30 giây cho kết quả tốt nhất.`
      : 'Hãy dùng 10 đến 30 giây giọng nói rõ ràng.',
  }),
  'consent-missing': () => ({
    title: 'Chưa có sự đồng ý của chủ giọng nói',
    advice: 'Hãy hỏi người có giọng nói này, rồi đánh dấu rằng họ đồng ý.',
  }),
  'voice-corrupt': () => ({
    title: 'Dữ liệu giọng nói bị hỏng',
    advice: 'Hãy tạo lại giọng này từ bản thu mẫu.',
  }),
  'voice-version-unknown': () => ({
    title: 'Giọng này được tạo bằng một phiên bản khác',
    advice: 'Hãy cập nhật phần mềm hoặc tạo lại giọng từ bản thu mẫu.',
  }),
  'voice-engine-mismatch': () => ({
    title: 'Giọng này chưa dùng được với bộ chuyển giọng đã chọn',
    advice: 'Hãy tạo lại giọng cho bộ chuyển giọng đó hoặc chọn bộ khác.',
  }),
  'option-invalid': (details) => ({
    title: `Tùy chọn “${details.text('field')}” không hợp lệ`,
    advice:
      details.has('minimum') && details.has('maximum')
        ? `Giá trị phải nằm trong khoảng từ ${details.number('minimum')} đến ${details.number('maximum')}.`
        : 'Hãy kiểm tra tên và giá trị của tùy chọn này.',
  }),
  'engine-unknown': () => ({
    title: 'Không có bộ chuyển giọng này',
    advice: 'Hãy chọn một bộ chuyển giọng trong danh sách.',
  }),
  'model-missing': () => ({
    title: 'Thiếu tệp mô hình của bộ chuyển giọng',
    advice: 'Hãy cài đặt lại hoặc báo cho người quản trị.',
  }),
  'model-corrupt': () => ({
    title: 'Tệp mô hình của bộ chuyển giọng bị hỏng',
    advice: 'Hãy tải lại mô hình hoặc báo cho người quản trị.',
  }),
  'download-failed': () => ({
    title: 'Không tải được mô hình',
    advice: 'Hãy kiểm tra kết nối mạng và địa chỉ tải (MODELS_BASE_URL), rồi thử lại: phần đã tải được giữ lại.',
  }),
  'simd-missing': () => ({
    title: 'Trình duyệt này không đủ khả năng chuyển giọng',
    advice: 'Hãy cập nhật trình duyệt hoặc chuyển giọng trên máy chủ.',
  }),
  'request-invalid': () => ({
    title: 'Yêu cầu không hợp lệ',
    advice: 'Hãy tải lại trang rồi thử lần nữa.',
  }),
  unauthorized: () => ({
    title: 'Máy chủ không biết bạn là ai',
    advice: 'Hãy tải lại trang để bắt đầu phiên làm việc, hoặc gửi kèm khóa truy cập.',
  }),
  forbidden: () => ({
    title: 'Yêu cầu này không được phép',
    advice: 'Chỉ trang của chính máy chủ này và chủ của nội dung mới làm được việc đó.',
  }),
  'not-found': () => ({
    title: 'Không tìm thấy nội dung này',
    advice: 'Có thể nó đã bị xóa hoặc hết hạn.',
  }),
  'result-not-ready': () => ({
    title: 'Chưa có kết quả nào',
    advice: 'Hãy đợi đến khi có ít nhất một bản thu chuyển xong.',
  }),
  'upload-offset': (details) => ({
    title: 'Phần gửi lên không nối tiếp phần đã có',
    advice: `Máy chủ đã nhận ${details.number('received')} byte: hãy gửi tiếp từ đó.`,
  }),
  'upload-locked': () => ({
    title: 'Tệp này đang được gửi lên ở một kết nối khác',
    advice: 'Hãy đợi kết nối đó kết thúc rồi gửi tiếp.',
  }),
  'webhook-refused': () => ({
    title: 'Địa chỉ webhook này không được phép',
    advice: 'Hãy dùng địa chỉ http hoặc https công khai; mạng nội bộ phải được người quản trị cho phép.',
  }),
  busy: () => ({
    title: 'Máy chủ đang bận',
    advice: 'Hãy thử lại sau ít phút.',
  }),
  'rate-limited': (details) => ({
    title: 'Bạn đã gửi quá nhiều yêu cầu',
    advice: details.has('seconds') ? `Hãy thử lại sau ${details.duration('seconds')}.` : 'Hãy thử lại sau ít phút.',
  }),
  'job-timeout': (details) => ({
    title: 'Việc chuyển giọng mất quá nhiều thời gian nên đã bị dừng',
    advice: `Giới hạn cho đoạn này là ${details.duration('limit')}. Hãy thử lại khi máy chủ rảnh hơn, hoặc cắt đoạn ngắn hơn.`,
  }),
  'data-in-use': (details) => ({
    title: `Một tiến trình khác đang dùng thư mục dữ liệu ${details.text('name')}`,
    advice:
      'Hãy dừng tiến trình đó, chọn thư mục khác bằng --data, hoặc đặt REDIS_URL để nhiều tiến trình cùng làm việc.',
  }),
  'redis-missing': () => ({
    title: 'Tiến trình xử lý riêng cần có Redis',
    advice:
      'Hãy đặt REDIS_URL, REDIS_CLUSTER hoặc REDIS_SENTINELS trỏ tới Redis của các máy chủ. Nếu chỉ có một máy, `giong serve` là đủ.',
  }),
  'queue-full': (details) => ({
    title: `Bạn đang có quá nhiều tác vụ chưa xong (giới hạn: ${details.number('limit')})`,
    advice: 'Hãy đợi các tác vụ trước xong hoặc hủy bớt rồi thử lại.',
  }),
  'idempotency-busy': () => ({
    title: 'Yêu cầu này đang được xử lý',
    advice: 'Hãy gửi lại sau giây lát để nhận kết quả của lần gửi trước.',
  }),
  'idempotency-mismatch': () => ({
    title: 'Khóa Idempotency-Key này đã dùng cho một yêu cầu khác',
    advice: 'Hãy dùng khóa mới cho mỗi yêu cầu mới; chỉ gửi lại khóa cũ khi lặp lại đúng yêu cầu cũ.',
  }),
  'storage-full': () => ({
    title: 'Đã hết chỗ lưu trữ',
    advice: 'Hãy xóa bớt tệp hoặc kết quả cũ rồi thử lại.',
  }),
  'storage-unavailable': () => ({
    title: 'Máy chủ tạm thời không truy cập được nơi lưu trữ',
    advice: 'Hãy thử lại sau ít phút.',
  }),
  'quota-exceeded': (details) => ({
    title: `Bạn đã dùng ${details.megabytes('used')} trong hạn mức ${details.megabytes('limit')}`,
    advice: 'Hãy xóa bớt bản thu, giọng hoặc kết quả cũ rồi thử lại.',
  }),
  'in-use': () => ({
    title: 'Nội dung này đang được dùng',
    advice: 'Hãy đợi tác vụ kết thúc hoặc hủy tác vụ, rồi xóa.',
  }),
  cancelled: () => ({ title: 'Đã hủy', advice: 'Bạn có thể bắt đầu lại bất cứ lúc nào.' }),
  internal: () => ({
    title: 'Có lỗi ngoài dự kiến',
    advice: 'Hãy thử lại; nếu vẫn lỗi, hãy báo cho người quản trị.',
  }),
};

const english: Readonly<Record<ErrorCode, Words>> = {
  'audio-empty': () => ({ title: 'The audio file is empty', advice: 'Choose another file or record again.' }),
  'audio-format-unknown': () => ({
    title: 'This file is in no format that can be read',
    advice: 'Use a WAV, MP3, FLAC, M4A, AAC, OGG, Opus or WebM file.',
  }),
  'audio-corrupt': (details) => ({
    title: details.text('reason') === 'truncated' ? 'The audio file is cut off' : 'The audio file is damaged',
    advice: 'Download or export it again from the original, then retry.',
  }),
  'audio-rate-unsupported': (details) => ({
    title: `A sample rate of ${details.number('sampleRate')} Hz is not supported`,
    advice: `Use a file of ${details.number('minimum')} to ${details.number('maximum')} Hz.`,
  }),
  'audio-channels-unsupported': (details) => ({
    title: `A file of ${details.number('channels')} channels is not supported`,
    advice: `Mix it down to at most ${details.number('limit')} channels.`,
  }),
  'audio-too-short': (details) => ({
    title: 'The recording is too short',
    advice: `Use one of at least ${details.duration('minimum')}.`,
  }),
  'audio-too-long': (details) => ({
    title: `The recording is longer than ${details.duration('limit')}`,
    advice: 'Cut it into shorter pieces and convert them one by one.',
  }),
  'audio-too-large': (details) => ({
    title: `The file is larger than ${details.megabytes('limit')}`,
    advice: 'Compress it (MP3, Opus) or cut it into smaller files.',
  }),
  'audio-silent': () => ({
    title: 'Nothing can be heard in this recording',
    advice: 'Check the microphone and its level, then record again.',
  }),
  'audio-not-finite': () => ({
    title: 'The file holds invalid sample values',
    advice: 'Export it again from the recording software, best as 16 or 24 bit WAV.',
  }),
  'reference-no-speech': () => ({
    title: 'No speech was found in the sample recording',
    advice: 'Use a recording of one person who speaks clearly, with little music or noise.',
  }),
  'reference-too-short': (details) => ({
    title: 'The sample recording has too little speech',
    advice: details.has('limit')
      ? `At least ${details.duration('limit')} of speech are needed; 10 to 30 seconds work best.`
      : 'Use 10 to 30 seconds of clear speech.',
  }),
  'consent-missing': () => ({
    title: 'The owner of the voice has not agreed yet',
    advice: 'Ask the person whose voice this is, then mark that they agree.',
  }),
  'voice-corrupt': () => ({ title: 'The voice is damaged', advice: 'Make it again from its sample recording.' }),
  'voice-version-unknown': () => ({
    title: 'This voice was made by another version',
    advice: 'Update the program, or make the voice again from its sample recording.',
  }),
  'voice-engine-mismatch': () => ({
    title: 'This voice does not work with the chosen engine yet',
    advice: 'Make the voice again for that engine, or choose another engine.',
  }),
  'option-invalid': (details) => ({
    title: `The option “${details.text('field')}” is not valid`,
    advice:
      details.has('minimum') && details.has('maximum')
        ? `Its value must be from ${details.number('minimum')} to ${details.number('maximum')}.`
        : 'Check the name and value of this option.',
  }),
  'engine-unknown': () => ({ title: 'There is no such engine', advice: 'Choose an engine from the list.' }),
  'model-missing': () => ({
    title: 'A model file of the engine is missing',
    advice: 'Install it again, or tell your administrator.',
  }),
  'model-corrupt': () => ({
    title: 'A model file of the engine is damaged',
    advice: 'Download the model again, or tell your administrator.',
  }),
  'download-failed': () => ({
    title: 'The model could not be downloaded',
    advice: 'Check the network and the address (MODELS_BASE_URL), then try again: what has come is kept.',
  }),
  'simd-missing': () => ({
    title: 'This browser cannot convert voices by itself',
    advice: 'Update the browser, or convert on the server.',
  }),
  'request-invalid': () => ({ title: 'The request is not valid', advice: 'Reload the page and try again.' }),
  unauthorized: () => ({
    title: 'The server does not know who asks',
    advice: 'Reload the page to begin a session, or send an access key along.',
  }),
  forbidden: () => ({
    title: 'This request is not allowed',
    advice: "Only this server's own page and the owner of the content can do that.",
  }),
  'not-found': () => ({ title: 'This was not found', advice: 'It may have been deleted, or it may have expired.' }),
  'result-not-ready': () => ({
    title: 'There is no result yet',
    advice: 'Wait until at least one recording is converted.',
  }),
  'upload-offset': (details) => ({
    title: 'This part does not follow what is here already',
    advice: `The server has ${details.number('received')} bytes: go on from there.`,
  }),
  'upload-locked': () => ({
    title: 'This file is being sent over another connection',
    advice: 'Wait until that connection ends, then go on.',
  }),
  'webhook-refused': () => ({
    title: 'This webhook address is not allowed',
    advice: 'Use a public http or https address; private networks must be allowed by the administrator.',
  }),
  busy: () => ({ title: 'The server is busy', advice: 'Try again in a few minutes.' }),
  'rate-limited': (details) => ({
    title: 'You have sent too many requests',
    advice: details.has('seconds') ? `Try again in ${details.duration('seconds')}.` : 'Try again in a few minutes.',
  }),
  'job-timeout': (details) => ({
    title: 'The conversion took too long and was stopped',
    advice: `Its limit was ${details.duration('limit')}. Try again when the server is less busy, or cut the recording.`,
  }),
  'data-in-use': (details) => ({
    title: `Another process uses the data folder ${details.text('name')}`,
    advice:
      'Stop it first, choose another folder with --data, or set REDIS_URL so that several processes can share the work.',
  }),
  'redis-missing': () => ({
    title: 'A worker process needs Redis',
    advice:
      'Set REDIS_URL, REDIS_CLUSTER or REDIS_SENTINELS to the Redis of the servers. One machine alone needs only `giong serve`.',
  }),
  'queue-full': (details) => ({
    title: `You have too many unfinished jobs (limit: ${details.number('limit')})`,
    advice: 'Wait until earlier ones end, or cancel some, then try again.',
  }),
  'idempotency-busy': () => ({
    title: 'This request is being worked on',
    advice: 'Send it again in a moment to get the answer to the first one.',
  }),
  'idempotency-mismatch': () => ({
    title: 'This Idempotency-Key was used for another request',
    advice: 'Use a new key for each new request; repeat a key only with the very request that it belongs to.',
  }),
  'storage-full': () => ({
    title: 'There is no storage left',
    advice: 'Delete old files or results, then try again.',
  }),
  'storage-unavailable': () => ({
    title: 'The server cannot reach its storage right now',
    advice: 'Try again in a few minutes.',
  }),
  'quota-exceeded': (details) => ({
    title: `You have used ${details.megabytes('used')} of your ${details.megabytes('limit')}`,
    advice: 'Delete recordings, voices or results that you no longer need, then try again.',
  }),
  'in-use': () => ({
    title: 'This is in use right now',
    advice: 'Wait until the conversion has ended, or cancel it, then delete.',
  }),
  cancelled: () => ({ title: 'Cancelled', advice: 'You can start again at any time.' }),
  internal: () => ({
    title: 'Something unexpected went wrong',
    advice: 'Try again; if it stays, tell your administrator.',
  }),
};

const wordings = { vi: vietnamese, en: english };

/** Words for a code: what is wrong and what to do, for people. `details` are the error's own. */
export function errorWording(code: ErrorCode, language: Language, details: ErrorDetails = {}): Wording {
  return wordings[language][code](new Details(details, language));
}

/** The same as one line of text. */
export function errorText(code: ErrorCode, language: Language, details: ErrorDetails = {}): string {
  const { title, advice } = errorWording(code, language, details);
  return `${title}. ${advice}`;
}
