import { expect, test } from 'bun:test';
import { errorText, errorWording } from './error-text.ts';
import { type ErrorDetails, errorCodes } from './errors.ts';

const details: ErrorDetails = {
  seconds: 7200,
  minimum: 0.1,
  maximum: 192000,
  limit: 3600,
  used: 3000,
  sampleRate: 4000,
  channels: 64,
  received: 1000,
  name: '/srv/giong',
  field: 'strength',
  reference: 2,
  similarityPercent: 31,
  limitPercent: 60,
};

test('every code has a title and advice in both languages, with all its values filled in', () => {
  for (const code of errorCodes) {
    for (const language of ['vi', 'en'] as const) {
      const { title, advice } = errorWording(code, language, details);
      for (const text of [title, advice]) {
        expect(text.length).toBeGreaterThan(3);
        expect(text).not.toContain('?');
        expect(text).not.toContain('undefined');
      }
    }
    expect(errorText(code, 'vi', details)).toMatch(/[À-ỹ]/);
    expect(errorText(code, 'en', details)).not.toMatch(/[À-ỹ]/);
  }
});

test('numbers and units follow the language', () => {
  expect(errorText('audio-too-long', 'vi', { limit: 3600 })).toStartWith('Đoạn âm thanh dài quá 60 phút.');
  expect(errorText('audio-too-long', 'en', { limit: 3600 })).toStartWith('The recording is longer than 60 minutes.');
  expect(errorText('audio-too-short', 'vi', { minimum: 0.1 })).toContain('0,1 giây');
  expect(errorText('audio-rate-unsupported', 'en', { sampleRate: 4000, minimum: 8000, maximum: 192000 })).toContain(
    '8,000 to 192,000 Hz',
  );
});

test('a cut-off file and a damaged file are told apart', () => {
  expect(errorText('audio-corrupt', 'vi', { reason: 'truncated' })).toContain('cắt cụt');
  expect(errorText('audio-corrupt', 'vi', { reason: 'decoder' })).toContain('hỏng');
});

test('missing details do not break a sentence', () => {
  for (const code of errorCodes) expect(errorText(code, 'vi')).not.toContain('undefined');
});
