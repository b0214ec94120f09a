import type { Language } from '../../language.ts';

const vietnamese = {
  keys: 'khóa truy cập API: liệt kê, tạo, thu hồi',
  list: 'liệt kê mọi khóa',
  create: 'tạo khóa; khóa chỉ được in ra một lần này',
  revoke: 'thu hồi một khóa',
  name: 'khóa dùng để làm gì',
  id: 'mã của khóa (k_…)',
  workspace: 'không gian làm việc mà khóa mở (mặc định: một không gian mới)',
  priority: 'normal hoặc paid (mặc định: normal)',
  opens: 'mở',
  revoked: 'Đã thu hồi',
  never: 'chưa dùng',
};

export type KeyWords = Readonly<Record<keyof typeof vietnamese, string>>;

const english: KeyWords = {
  keys: 'API keys: list, create, revoke',
  list: 'list all keys',
  create: 'make a key; it is printed this once',
  revoke: 'revoke a key',
  name: 'what the key is for',
  id: "the key's id (k_…)",
  workspace: 'the workspace that the key opens (default: a new one)',
  priority: 'normal or paid (default: normal)',
  opens: 'opens',
  revoked: 'Revoked',
  never: 'never used',
};

export const keyWords: Readonly<Record<Language, KeyWords>> = { vi: vietnamese, en: english };
