import { wordsOf } from '../../i18n/index.ts';

export const vi = {
  sendLater: 'Gửi khi có mạng',
  sentLater: 'Đã ghi lại: sẽ tự gửi lên máy chủ ngay khi có mạng.',
  seeHistory: 'Xem trong Lịch sử',
  notify: 'Báo khi xong',
  willNotify: 'Sẽ báo khi xong',
  notAllowed: 'Trình duyệt chưa cho phép gửi thông báo: hãy bật trong phần cài đặt của trang.',
  done: (name: string) => `Đã chuyển giọng xong: ${name}`,
  failed: (name: string) => `Không chuyển được: ${name}`,
};

export const en: typeof vi = {
  sendLater: 'Send when online',
  sentLater: 'Noted: it is sent to the server as soon as there is a network.',
  seeHistory: 'See it in the history',
  notify: 'Tell me when done',
  willNotify: 'You will be told',
  notAllowed: 'The browser does not allow notifications: switch them on in the settings of this page.',
  done: (name: string) => `Converted: ${name}`,
  failed: (name: string) => `Could not be converted: ${name}`,
};

export const words = wordsOf({ vi, en });
