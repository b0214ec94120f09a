import { expect, test } from 'bun:test';
import type { AudioFile, VoiceFile } from '../workers/tasks.ts';
import { engineIn, resultKey } from './content-key.ts';

const source: AudioFile = { kind: 'upload', key: 'w_1/uploads/u_1', sha256: 'aa' };
const voice: VoiceFile = { kind: 'profile', key: 'w_1/voices/v_1', sha256: 'bb' };
const file = (sha256: string) => ({ path: `${sha256}.onnx`, bytes: 1, sha256 });
const about = { name: 'm', version: '1', licence: 'MIT', source: 's', card: 'c' };
const manifest = {
  version: 1 as const,
  engines: { mini: ['a', 'b'], other: ['a', 'b'], third: ['a'] },
  models: [
    { id: 'a', files: [file('11')], ...about },
    { id: 'b', files: [file('22'), file('33')], ...about },
  ],
};
const mini = engineIn(manifest, 'mini');
const options = { strength: 1, pitch: 'auto' };

test('the same content has the same key, wherever it lies', () => {
  const key = resultKey(source, voice, mini, options);
  expect(resultKey({ ...source, key: 'w_1/uploads/u_2' }, voice, mini, { ...options })).toBe(key);
});

test('whatever changes the result changes the key', () => {
  const keys = [
    resultKey(source, voice, mini, options),
    resultKey({ ...source, sha256: 'ab' }, voice, mini, options),
    resultKey({ kind: 'sample', id: 'sample-english' }, voice, mini, options),
    resultKey(source, { ...voice, sha256: 'bc' }, mini, options),
    resultKey(source, { ...voice, kind: 'upload' }, mini, options),
    resultKey(source, voice, engineIn(manifest, 'other'), options),
    resultKey(source, voice, { engine: 'mini', weights: ['11', '22', '44'] }, options),
    resultKey(source, voice, mini, { ...options, strength: 0.9 }),
  ];
  expect(new Set(keys).size).toBe(keys.length);
});
