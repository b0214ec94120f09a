import { expect, test } from 'bun:test';
import type { AudioFile, VoiceFile } from '../workers/tasks.ts';
import { resultKey } from './content-key.ts';

const source: AudioFile = { kind: 'upload', key: 'w_1/uploads/u_1', sha256: 'aa' };
const voice: VoiceFile = { kind: 'profile', key: 'w_1/voices/v_1', sha256: 'bb' };
const options = { strength: 1, pitch: 'auto' };

test('the same content has the same key, wherever it lies', () => {
  const key = resultKey(source, voice, 'mini', options);
  expect(resultKey({ ...source, key: 'w_1/uploads/u_2' }, voice, 'mini', { ...options })).toBe(key);
});

test('whatever changes the result changes the key', () => {
  const keys = [
    resultKey(source, voice, 'mini', options),
    resultKey({ ...source, sha256: 'ab' }, voice, 'mini', options),
    resultKey({ kind: 'sample', id: 'sample-english' }, voice, 'mini', options),
    resultKey(source, { ...voice, sha256: 'bc' }, 'mini', options),
    resultKey(source, { ...voice, kind: 'upload' }, 'mini', options),
    resultKey(source, voice, 'other', options),
    resultKey(source, voice, 'mini', { ...options, strength: 0.9 }),
  ];
  expect(new Set(keys).size).toBe(keys.length);
});
