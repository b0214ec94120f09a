import { describe, expect, test } from 'bun:test';
import { glide, noise } from '../../../tests/support/signals.ts';
import { selectSpeech } from './reference.ts';

const rate = 16000;
const seconds = (count: number) => count * rate;

/** Bursts of a buzz of 2 s with pauses of 0.5 s between, in faint noise. */
function speechLike(duration: number, noiseLevel: number, seed = 1): Float32Array {
  const voice = glide(seconds(2), rate);
  return noise(seconds(duration), seed).map((value, i) => {
    const at = i % seconds(2.5);
    return noiseLevel * value + (at < seconds(2) ? (voice[at] ?? 0) : 0);
  });
}

describe('the best speech of references', () => {
  test('is all of it where it is short and clean', () => {
    const [a, b] = [speechLike(5, 0.001), speechLike(7, 0.001)];
    const chosen = selectSpeech([a, b]);
    expect(chosen.length).toBe(a.length + b.length);
    expect(chosen.subarray(0, a.length)).toEqual(a);
  });

  test('leaves out long silence', () => {
    const recording = new Float32Array(seconds(20));
    recording.set(speechLike(5, 0.001), seconds(10));
    const chosen = selectSpeech([recording]);
    expect(chosen.length).toBeGreaterThan(seconds(4));
    expect(chosen.length).toBeLessThan(seconds(6));
  });

  test('is at most 30 s, from the cleaner recording first', () => {
    const [noisy, clean] = [speechLike(40, 0.1, 3), speechLike(25, 0.001, 4)];
    const chosen = selectSpeech([noisy, clean]);
    expect(chosen.length).toBeLessThanOrEqual(seconds(30));
    expect(chosen.length).toBeGreaterThan(seconds(20));
    const share = (recording: Float32Array) => {
      const samples = new Set(recording);
      return chosen.filter((sample) => samples.has(sample)).length / chosen.length;
    };
    expect(share(clean)).toBeGreaterThan(0.6);
  });

  test('leaves clipped parts out where there are others', () => {
    const recording = speechLike(50, 0.001);
    for (let i = 0; i < seconds(25); i++) recording[i] = Math.max(-1, Math.min(1, 8 * (recording[i] ?? 0)));
    const chosen = selectSpeech([recording]);
    const clipped = chosen.filter((sample) => Math.abs(sample) === 1).length;
    expect(chosen.length).toBeGreaterThan(seconds(18));
    expect(clipped).toBeLessThan(0.05 * chosen.length);
  });

  test('of silence is nothing but silence', () => {
    expect(selectSpeech([new Float32Array(seconds(2))]).every((sample) => sample === 0)).toBe(true);
    expect(selectSpeech([]).length).toBe(0);
  });
});
