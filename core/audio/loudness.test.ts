import { beforeAll, expect, test } from 'bun:test';
import { join } from 'node:path';
import { truePeak } from '#core/kernels/loudness.ts';
import type { Kernels } from '#core/kernels/module.ts';
import { kernelsFor } from '../../tests/support/kernels.ts';
import type { Audio } from './audio.ts';
import { decodeAudio } from './decode.ts';
import { limitPeaksInPlace } from './limiter.ts';
import { loudnessOf, matchLoudnessInPlace, peakCeiling } from './loudness.ts';

let kernels: Kernels;
let speech: Audio;

beforeAll(async () => {
  kernels = await kernelsFor('simd');
  const file = join(import.meta.dir, '../../samples/recordings/english.flac');
  speech = (await decodeAudio(await Bun.file(file).bytes())).audio;
});

const times = ({ samples, sampleRate }: Audio, gain: number): Audio => ({
  samples: samples.map((sample) => sample * gain),
  sampleRate,
});

const sine = (hertz: number, amplitude: number, phase = 0): Audio => ({
  samples: Float32Array.from(
    { length: 48000 },
    (_, i) => amplitude * Math.sin((2 * Math.PI * hertz * i) / 48000 + phase),
  ),
  sampleRate: 48000,
});

test('a result becomes as loud as asked, within 0.1 LU, from quieter and from louder', () => {
  const target = loudnessOf(speech, kernels);
  for (const gain of [0.2, 0.7, 1.3]) {
    const result = times(speech, gain);
    matchLoudnessInPlace(result, target, kernels);
    expect(Math.abs(loudnessOf(result, kernels) - target)).toBeLessThan(0.1);
  }
});

test('what is as loud already, and whose peaks are low, does not change by a bit', () => {
  const quiet = times(speech, 0.5);
  const result = times(quiet, 1);
  matchLoudnessInPlace(result, loudnessOf(quiet, kernels), kernels);
  expect(result.samples).toEqual(quiet.samples);
});

test('no true peak passes −0.3 dBTP, even between samples, and 1 dB of limiting costs hardly any loudness', () => {
  const peak = truePeak(kernels, speech.samples);
  const gain = (peakCeiling / peak) * 10 ** (1 / 20);
  const result = times(speech, 1);
  const target = loudnessOf(speech, kernels) + 20 * Math.log10(gain);
  matchLoudnessInPlace(result, target, kernels);
  expect(truePeak(kernels, result.samples)).toBeLessThanOrEqual(peakCeiling);
  expect(Math.abs(loudnessOf(result, kernels) - target)).toBeLessThan(0.3);
});

test('where the loudness asked for would need more, peaks are limited by 3 dB and the rest is left out', () => {
  const own = loudnessOf(speech, kernels);
  const gain = (peakCeiling / truePeak(kernels, speech.samples)) * 10 ** (3 / 20);
  const result = times(speech, 1);
  matchLoudnessInPlace(result, own + 15, kernels);
  expect(truePeak(kernels, result.samples)).toBeLessThanOrEqual(peakCeiling);
  expect(loudnessOf(result, kernels) - own).toBeGreaterThan(20 * Math.log10(gain) - 0.5);
  // The hundredths are the margin by which the limiter keeps below its ceiling.
  const least = gain * 10 ** (-3.05 / 20);
  result.samples.forEach((sample, i) => {
    const before = Math.abs(speech.samples[i] ?? 0);
    if (Math.abs(sample) < least * before - 1e-6 || Math.abs(sample) > gain * before + 1e-6)
      throw new Error(`sample ${i}: ${before} became ${sample}`);
  });
});

test('a peak that lies between samples is seen', () => {
  // A quarter of the rate at 45°: samples reach 0.95, the wave between them 1.34.
  const tone = sine(12000, 0.95 * Math.SQRT2, Math.PI / 4);
  limitPeaksInPlace(tone, peakCeiling, kernels);
  expect(truePeak(kernels, tone.samples)).toBeLessThanOrEqual(peakCeiling);
});

test('one loud click lowers its neighbourhood only', () => {
  const audio = sine(440, 0.5);
  const before = audio.samples.slice();
  for (let i = 0; i < 20; i++) audio.samples[24000 + i] = 3;
  limitPeaksInPlace(audio, peakCeiling, kernels);
  expect(
    Buffer.compare(new Uint8Array(audio.samples.buffer, 0, 4 * 23300), new Uint8Array(before.buffer, 0, 4 * 23300)),
  ).toBe(0);
  const late = audio.samples.subarray(24000 + 0.4 * 48000);
  const largest = late.reduce(
    (most, sample, i) => Math.max(most, Math.abs(sample - (before[24000 + 19200 + i] ?? 0))),
    0,
  );
  expect(largest).toBeLessThan(0.001);
  expect(truePeak(kernels, audio.samples)).toBeLessThanOrEqual(peakCeiling);
});

test('silence stays silence', () => {
  const silence = { samples: new Float32Array(48000), sampleRate: 48000 };
  matchLoudnessInPlace(silence, -20, kernels);
  expect(silence.samples.every((sample) => sample === 0)).toBe(true);
  expect(() => matchLoudnessInPlace({ samples: new Float32Array(0), sampleRate: 48000 }, -20, kernels)).not.toThrow();
});

test('almost inaudible sound is raised by 20 dB and no more', () => {
  const faint = times(speech, 0.02);
  matchLoudnessInPlace(faint, -20, kernels);
  faint.samples.forEach((sample, i) => {
    if (Math.abs(sample - (speech.samples[i] ?? 0) * 0.2) > 1e-6) throw new Error(`sample ${i}: ${sample}`);
  });
});
