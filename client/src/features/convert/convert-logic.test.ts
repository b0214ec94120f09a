import { expect, test } from 'bun:test';
import { InputError } from '#core/errors.ts';
import { en } from '../../i18n/en.ts';
import { vi } from '../../i18n/vi.ts';
import { errorOfAnswer, ServerUnreachableError } from '../../kernel/api-errors.ts';
import { createMemoryStorage } from '../../kernel/settings-storage.ts';
import { safeFileName, withoutExtension } from '../shared/names.ts';
import { problemText } from '../shared/problem-text.ts';
import { rememberedPreference, rememberPreference } from './preference.ts';
import { secondsLeft } from './seconds-left.ts';
import { changedCount, defaultSettings, settingsFor, settingsOf } from './settings.ts';

test('the count of changed options ignores what is back at its default', () => {
  expect(changedCount(defaultSettings)).toBe(0);
  expect(changedCount({ ...defaultSettings, strength: 0.5, pitch: 0 })).toBe(2);
});

test('an engine is asked for what it knows alone, and all choices come back from an earlier conversion', () => {
  const chosen = { ...defaultSettings, engine: 'seed-vc-fast', strength: 0.5, diffusionSteps: 25, semitoneShift: 3 };
  const asked = settingsFor(chosen);
  expect(asked).toMatchObject({ engine: 'seed-vc-fast', diffusionSteps: 25, seed: 0, format: 'wav' });
  for (const field of ['strength', 'pitch', 'formant', 'semitoneShift']) expect(asked).not.toHaveProperty(field);
  expect(settingsFor({ ...chosen, engine: 'seed-vc-hifi' })).toMatchObject({ semitoneShift: 3 });
  expect(settingsFor({ ...chosen, engine: 'mini' })).not.toHaveProperty('diffusionSteps');
  expect(settingsOf(asked)).toEqual({ ...chosen, strength: 1, semitoneShift: 0 });
  expect(changedCount(settingsOf(asked))).toBe(2);
});

test('a download’s name has no characters that a file system refuses', () => {
  expect(safeFileName('Ghi âm 14:05 <a/b>\\c?.wav')).toBe('Ghi âm 14 05 a b c .wav');
  expect(withoutExtension('phỏng vấn.v2.flac')).toBe('phỏng vấn.v2');
  expect(withoutExtension('Giọng nữ 1. Hà Nội')).toBe('Giọng nữ 1. Hà Nội');
});

test('time left is told once it can be known, and not at the end', () => {
  expect(secondsLeft(0.25, 3)).toBe(9);
  expect(secondsLeft(undefined, 3)).toBeUndefined();
  expect(secondsLeft(0.01, 3)).toBeUndefined();
  expect(secondsLeft(0.5, 0.2)).toBeUndefined();
  expect(secondsLeft(1, 3)).toBeUndefined();
});

test('where conversions run is remembered, and anything else reads as automatic', () => {
  const storage = createMemoryStorage();
  expect(rememberedPreference(storage)).toBe('auto');
  rememberPreference(storage, 'browser');
  expect(rememberedPreference(storage)).toBe('browser');
  storage.setItem('giong.place', 'moon');
  expect(rememberedPreference(storage)).toBe('auto');
});

test('an error is worded by the core here, and by the server there', () => {
  const here = problemText(new InputError('audio-empty'), vi, 'vi');
  expect(here.title).not.toBe('');
  expect(problemText(new InputError('audio-empty'), en, 'en').title).not.toBe(here.title);
  const answer = errorOfAnswer(413, JSON.stringify({ code: 'audio-too-long', title: 'Dài quá', detail: 'Cắt bớt' }));
  expect(problemText(answer, vi, 'vi')).toMatchObject({ title: 'Dài quá', advice: 'Cắt bớt' });
});

test('a lost server and a surprise have words too', () => {
  expect(problemText(new ServerUnreachableError(), vi, 'vi')).toEqual(vi.error.serverUnreachable);
  expect(problemText(new TypeError('x is undefined'), vi, 'vi')).toEqual(vi.error.unexpected);
});
