import { expect } from 'bun:test';
import type { Audio } from '#core/audio/audio.ts';
import { decode, levelDecibels, medianPitchHz } from './sound.ts';

/** A result is as long and as loud as its source, and has come from the source's pitch to that of a voice at least half an octave away. */
export async function expectConversion(
  bytes: Uint8Array,
  { source, voice }: Readonly<Record<'source' | 'voice', { readonly audio: Audio }>>,
): Promise<void> {
  const audio = await decode(bytes);
  expect(audio.samples.length / audio.sampleRate).toBeCloseTo(source.audio.samples.length / source.audio.sampleRate, 2);
  expect(Math.abs(levelDecibels(audio) - levelDecibels(source.audio))).toBeLessThan(3);
  const [from, to, reached] = [source.audio, voice.audio, audio].map(medianPitchHz);
  if (!from || !to || !reached) throw new Error('no pitch was found');
  expect(Math.abs(Math.log2(reached / to))).toBeLessThan(0.25);
  expect(Math.abs(Math.log2(from / to))).toBeGreaterThan(0.5);
}
