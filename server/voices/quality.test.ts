import { describe, expect, test } from 'bun:test';
import { measureQuality, voiceWarnings, warningsOf } from '#core/voice/quality.ts';
import { languages } from '../language.ts';
import { wordWarning } from './warning-text.ts';

const sampleRate = 16000;
const amplitude = 0.3;

/** Tones of one second with pauses of half a second, in even noise of the given power; `gain` above 1 / 0.3 clips. */
function speechLike(pairs: number, noisePower: number, gain = 1) {
  let state = 1;
  const noise = () => {
    state = (state * 48271) % 0x7fffffff;
    return Math.sqrt(12 * noisePower) * (state / 0x7fffffff - 0.5);
  };
  const samples = Float32Array.from({ length: pairs * 1.5 * sampleRate }, (_, i) => {
    const isTone = i % (1.5 * sampleRate) < sampleRate;
    const sample = gain * (isTone ? amplitude * Math.sin((2 * Math.PI * 200 * i) / sampleRate) : 0) + noise();
    return Math.max(-1, Math.min(1, sample));
  });
  return { samples, sampleRate };
}

describe('quality of references', () => {
  test.each([10, 20, 40])('finds a signal of %d dB over the noise, within 2 dB', (decibels) => {
    const noisePower = amplitude ** 2 / 2 / 10 ** (decibels / 10);
    const quality = measureQuality([speechLike(6, noisePower)]);
    expect(Math.abs(quality.snrDecibels - decibels)).toBeLessThan(2);
    expect(quality.clippedShare).toBe(0);
  });

  test('adds the speech of all references up', () => {
    const quality = measureQuality([speechLike(4, 1e-7), speechLike(8, 1e-7)]);
    expect(Math.abs(quality.speechSeconds - 12)).toBeLessThan(0.5);
  });

  test('a recording without noise counts as 80 dB, one of noise alone as 0', () => {
    expect(measureQuality([speechLike(3, 0)]).snrDecibels).toBe(80);
    expect(measureQuality([speechLike(3, 1e-3, 0)]).snrDecibels).toBe(0);
  });

  test('counts clipped samples', () => {
    // Where |sin| exceeds 0.985 / 1.2 a sample is clipped: 38.6 % of each tone, which is two thirds of the time.
    const { clippedShare } = measureQuality([speechLike(4, 0, 4)]);
    expect(Math.abs(clippedShare - 0.386 * (2 / 3))).toBeLessThan(0.03);
  });

  test('warns of what is worth a warning, and of nothing in a good recording', () => {
    expect(warningsOf({ speechSeconds: 15, snrDecibels: 45, clippedShare: 0 })).toEqual([]);
    expect(warningsOf({ speechSeconds: 4, snrDecibels: 12, clippedShare: 0.01 })).toEqual([...voiceWarnings]);
  });

  test('every warning has words in both languages', () => {
    for (const warning of voiceWarnings) {
      const [vietnamese, english] = languages.map((language) => wordWarning(warning, language));
      expect(vietnamese?.title).toMatch(/[À-ỹ]/);
      expect(english?.title).not.toMatch(/[À-ỹ]/);
      expect(english?.detail).not.toBe('');
    }
  });
});
