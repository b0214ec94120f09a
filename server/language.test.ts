import { describe, expect, test } from 'bun:test';
import { parseAcceptLanguage, parseLocale } from './language.ts';

describe('Accept-Language', () => {
  test.each([
    [undefined, 'vi'],
    ['', 'vi'],
    ['en', 'en'],
    ['EN-gb', 'en'],
    ['vi-VN,vi;q=0.9,en;q=0.8', 'vi'],
    ['en-US,en;q=0.9,vi;q=0.8', 'en'],
    ['vi;q=0.2, en;q=0.7', 'en'],
    ['fr-FR, de;q=0.9', 'vi'],
    ['fr, en;q=0.5', 'en'],
    ['en;q=0', 'vi'],
    ['en;q=nonsense', 'vi'],
    ['enx', 'vi'],
    ['*', 'vi'],
  ] as const)('%p asks for %p', (header, language) => {
    expect(parseAcceptLanguage(header)).toBe(language);
  });
});

describe('locale of a command line', () => {
  test.each([
    [{}, 'vi'],
    [{ LANG: 'vi_VN.UTF-8' }, 'vi'],
    [{ LANG: 'C.UTF-8' }, 'vi'],
    [{ LANG: 'POSIX' }, 'vi'],
    [{ LANG: 'en_US.UTF-8' }, 'en'],
    [{ LANG: 'fr_FR.UTF-8' }, 'en'],
    [{ LANG: 'vi_VN', LC_ALL: 'en_GB' }, 'en'],
    [{ LANG: 'en_US', LC_MESSAGES: 'vi_VN' }, 'vi'],
    [{ LANG: '', LC_ALL: '' }, 'vi'],
  ] as const)('%o speaks %p', (environment, language) => {
    expect(parseLocale(environment)).toBe(language);
  });
});
