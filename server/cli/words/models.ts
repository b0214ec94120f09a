import type { Language } from '../../language.ts';

const vietnamese = {
  models: 'liệt kê, tải và kiểm tra mô hình của các bộ chuyển giọng',
  list: 'liệt kê mô hình và cho biết đã có hay chưa',
  pull: 'tải một mô hình về thư mục dữ liệu; tải tiếp nếu lần trước bị ngắt',
  add: 'lấy mô hình từ một thư mục có sẵn, không cần mạng',
  folder: 'thư mục chứa tệp mô hình, xếp như trong models/',
  remove: 'xóa một mô hình đã tải',
  verify: 'kiểm tra mọi tệp mô hình theo mã băm',
  id: 'mã mô hình',
  baseUrl: 'nơi tải (mặc định: MODELS_BASE_URL, nếu không thì địa chỉ trong danh mục)',
  downloading: 'Đang tải',
  embedded: 'có sẵn',
  installed: 'đã tải',
  missing: 'chưa có',
  good: 'tốt',
  corrupt: 'hỏng',
  pulled: 'Đã có',
  removed: 'Đã xóa',
};

const english: typeof vietnamese = {
  models: "list, download and check the engines' models",
  list: 'list the models, and whether they are here',
  pull: 'download a model into the data folder, going on where an earlier download broke off',
  add: 'take models from a folder that is here already, without a network',
  folder: 'a folder with files of models, laid out as models/',
  remove: 'delete a downloaded model',
  verify: 'check every file of every model by its hash',
  id: 'id of a model',
  baseUrl: 'where to download (default: MODELS_BASE_URL, else the address in the manifest)',
  downloading: 'Downloading',
  embedded: 'comes with the program',
  installed: 'downloaded',
  missing: 'not here',
  good: 'good',
  corrupt: 'damaged',
  pulled: 'Here now:',
  removed: 'Deleted',
};

export const modelWords: Readonly<Record<Language, Readonly<typeof vietnamese>>> = { vi: vietnamese, en: english };
