import type { ErrorCode } from '../errors.ts';
import type { Words } from './details.ts';

export const vietnamese: Readonly<Record<ErrorCode, Words>> = {
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
  'references-differ': (details) => ({
    title: `Bản thu mẫu thứ ${details.number('reference')} nghe như giọng của người khác`,
    advice: `Độ giống với các bản còn lại là ${details.number('similarityPercent')} %, cần ít nhất ${details.number('limitPercent')} %. Hãy bỏ bản đó, hoặc giảm ngưỡng.`,
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
    advice: 'Hãy tải mô hình về: trên trang web trong phần Tùy chọn, trên máy chủ bằng lệnh giong models.',
  }),
  'model-corrupt': () => ({
    title: 'Tệp mô hình của bộ chuyển giọng bị hỏng',
    advice: 'Hãy tải lại mô hình hoặc báo cho người quản trị.',
  }),
  'model-unsupported': () => ({
    title: 'Phiên bản này không chạy được một tệp mô hình của bộ chuyển giọng',
    advice: 'Hãy cập nhật phần mềm, hoặc tạo lại mô hình bằng bộ xuất của chính phiên bản này.',
  }),
  'memory-exhausted': () => ({
    title: 'Không đủ bộ nhớ để chuyển giọng',
    advice:
      'Hãy dùng bản thu ngắn hơn, mô hình nhỏ hơn (int8 hoặc bộ chuyển giọng khác), hoặc máy có nhiều bộ nhớ hơn.',
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
    title: `Một tiến trình khác đang dùng dữ liệu ở ${details.text('name')}`,
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
