import { expect, test } from 'bun:test';
import { join } from 'node:path';
import { createMemoryStorage } from '../kernel/settings-storage.ts';
import { en } from './en.ts';
import { rememberedLanguage, rememberLanguage } from './language.ts';
import { vi } from './vi.ts';

/** Paths of all entries, such as `source.title`, with what each gives. */
function entries(words: object, prefix = ''): [path: string, text: string][] {
  return Object.entries(words).flatMap(([key, value]): [string, string][] => {
    const path = `${prefix}${key}`;
    if (typeof value === 'function') return [[path, String(value('7'))]];
    return typeof value === 'string' ? [[path, value]] : entries(value, `${path}.`);
  });
}

/** Says nothing on purpose: there is no reason to give. */
const silent = 'place.reasons.chosen-by-user';
/** Names and formats that are the same in both languages. */
const shared = /^(languageName|options\.formats)/;

/** The shared words, and those of each feature. */
const dictionaries: [name: string, words: { vi: object; en: object }][] = [['shared', { vi, en }]];
for (const file of new Bun.Glob('{frame,features/*}/{,*-}words.ts').scanSync(join(import.meta.dir, '..'))) {
  dictionaries.push([file, await import(join(import.meta.dir, '..', file))]);
}

test.each(dictionaries)('%s: both languages have the same entries', (_, { vi, en }) => {
  expect(entries(en).map(([path]) => path)).toEqual(entries(vi).map(([path]) => path));
});

test.each(dictionaries)('%s: no entry is empty, and each is in its own language', (_, { vi, en }) => {
  const english = new Map(entries(en));
  for (const [path, text] of entries(vi)) {
    if (path === silent) continue;
    expect(text.trim(), path).not.toBe('');
    expect(english.get(path)?.trim(), path).not.toBe('');
    if (!shared.test(path) && /\p{L}{4}/u.test(text.replace('7', ''))) expect(english.get(path), path).not.toBe(text);
  }
});

test('the first visit is in Vietnamese, and the choice is remembered', () => {
  const storage = createMemoryStorage();
  expect(rememberedLanguage(storage)).toBe('vi');
  rememberLanguage(storage, 'en');
  expect(rememberedLanguage(storage)).toBe('en');
});

test('a remembered language that is no longer there reads as the first one', () => {
  const storage = createMemoryStorage();
  storage.setItem('giong.language', 'eo');
  expect(rememberedLanguage(storage)).toBe('vi');
});
