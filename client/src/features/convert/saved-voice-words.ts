const vi = {
  places: { server: 'đã lưu', device: 'đã lưu trên máy này' },
  unlisted: 'không có trong danh sách giọng',
  otherEngine: 'chưa dùng được với bộ chuyển giọng đã chọn',
  save: 'Lưu thành giọng',
  saving: 'Đang lưu…',
  saved: 'Đã lưu thành giọng.',
  consent: 'Bấm lưu nghĩa là chủ giọng đã đồng ý.',
};

const en: typeof vi = {
  places: { server: 'saved', device: 'saved on this device' },
  unlisted: 'not among your saved voices',
  otherEngine: 'does not work with the chosen engine',
  save: 'Save as a voice',
  saving: 'Saving…',
  saved: 'Saved as a voice.',
  consent: "Saving means that the voice's owner has agreed.",
};

/** Words about saved voices on the screen "convert", which come with the first load. */
export const savedVoiceWords = { vi, en };
