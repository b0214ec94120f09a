import { expect, test } from 'bun:test';
import type { VoiceProfile } from './profile.ts';
import { parseVoice, serializeVoice } from './serialize.ts';
import { enginesOf, speakerOf, withSpeaker } from './speaker.ts';

const plain: VoiceProfile = {
  speechSeconds: 3,
  engines: { mini: { f0: { dims: [1], data: Float32Array.of(100) } } },
};
const speaker = new Float32Array(192).fill(1 / Math.sqrt(192));

test('a voice keeps its speaker as bytes too, and serves no more engines for it', () => {
  const voice = parseVoice(serializeVoice(withSpeaker(plain, speaker)));
  expect(speakerOf(voice)).toEqual(speaker);
  expect(enginesOf(voice)).toEqual(['mini']);
  expect(voice.engines.mini).toEqual(plain.engines.mini);
});

test('a voice without a speaker, or with what is none, has none', () => {
  expect(speakerOf(plain)).toBeUndefined();
  expect(speakerOf(withSpeaker(plain, speaker.subarray(1)))).toBeUndefined();
  expect(speakerOf(withSpeaker(plain, new Float32Array(192)))).toBeUndefined();
  expect(
    speakerOf(
      withSpeaker(
        plain,
        speaker.map(() => Number.NaN),
      ),
    ),
  ).toBeUndefined();
});
