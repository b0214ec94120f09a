import { describe, expect, test } from 'bun:test';
import { builds, kernelsFor } from '../../tests/support/kernels.ts';
import { fixture, noise, type PackedArray, sine, unpack } from '../../tests/support/signals.ts';
import { measureLoudness, samplePeak, truePeak } from './loudness.ts';

const golden = (await fixture('loudness')) as { integrated: number; momentary: PackedArray };
const rates = [8000, 11025, 16000, 22050, 44100, 48000, 96000, 192000];

/** As in wasm/fixtures/make.py: loud, 8 dB softer, 30 dB softer, silent. */
function programme(sampleRate: number): Float32Array {
  return Float32Array.from({ length: 10 * sampleRate }, (_, i) => {
    const t = i / sampleRate;
    const tone = (hz: number, amplitude: number) => amplitude * Math.sin(2 * Math.PI * hz * t);
    const level = t < 3 ? 1 : t < 6 ? 10 ** (-8 / 20) : t < 8 ? 10 ** (-30 / 20) : 0;
    return level * (tone(120, 0.2) + tone(997, 0.3) + tone(3000, 0.1));
  });
}

for (const build of builds) {
  describe(`loudness, ${build}`, async () => {
    const kernels = await kernelsFor(build);

    test('a 997 Hz sine at full scale has −3.01 LKFS within 0.01, at any rate', () => {
      for (const rate of rates) {
        expect(Math.abs(measureLoudness(kernels, sine(2 * rate, rate, 997), rate).integrated + 3.01)).toBeLessThan(
          0.01,
        );
      }
    });

    test('is 20 dB less at a tenth of the amplitude', () => {
      const { integrated } = measureLoudness(kernels, sine(48000, 48000, 997, 0.1), 48000);
      expect(Math.abs(integrated + 23.01)).toBeLessThan(0.01);
    });

    test("agrees with the standard's filters in SciPy within 0.01 LU at 48 kHz and 0.05 LU at other rates", () => {
      for (const rate of rates) {
        const tolerance = rate === 48000 ? 0.01 : 0.05;
        const { integrated, momentary } = measureLoudness(kernels, programme(rate), rate);
        expect(Math.abs(integrated - golden.integrated)).toBeLessThan(tolerance);
        const expected = unpack(golden.momentary);
        const distances = Array.from(expected, (value, block) => Math.abs(value - (momentary[block] ?? Number.NaN)));
        // The blocks across a step in level have it where the nearest sample is.
        expect(Math.max(...distances)).toBeLessThan(tolerance + 0.01);
        expect(momentary.length).toBe(97);
      }
    });

    test('pauses do not count', () => {
      const speech = noise(48000 * 3, 2).map((value) => 0.1 * value);
      const withPause = new Float32Array(48000 * 9);
      withPause.set(speech, 0);
      withPause.set(speech, 48000 * 6);
      const alone = measureLoudness(kernels, speech, 48000).integrated;
      // Blocks that are partly pause and still within 10 LU are what is left of a difference.
      expect(Math.abs(measureLoudness(kernels, withPause, 48000).integrated - alone)).toBeLessThan(0.5);
    });

    test('of silence, and of nothing, is −Infinity', () => {
      expect(measureLoudness(kernels, new Float32Array(48000), 48000).integrated).toBe(Number.NEGATIVE_INFINITY);
      expect(measureLoudness(kernels, new Float32Array(0), 48000)).toEqual({
        integrated: Number.NEGATIVE_INFINITY,
        momentary: new Float32Array(0),
      });
    });

    test('sound shorter than 400 ms is one block', () => {
      const { integrated, momentary } = measureLoudness(kernels, sine(4800, 48000, 997), 48000);
      expect(momentary.length).toBe(1);
      expect(integrated).toBeCloseTo(-3.01, 1);
    });
  });

  describe(`peaks, ${build}`, async () => {
    const kernels = await kernelsFor(build);

    test('the sample peak is the largest magnitude, wherever it is', () => {
      for (const length of [1, 3, 4, 5, 17, 40_001]) {
        const samples = noise(length).map((value) => 0.5 * value);
        samples[length - 1] = -0.75;
        expect(samplePeak(kernels, samples)).toBe(0.75);
      }
      expect(samplePeak(kernels, new Float32Array(0))).toBe(0);
    });

    test('finds a peak between samples: a quarter-rate sine sampled at ±0.707 reaches 1 within 0.2 dB', () => {
      const rate = 48000;
      const fadedIn = sine(rate, rate, rate / 4, 1, Math.PI / 4).map((value, i) => value * Math.min(1, i / 5000));
      const fadedOut = fadedIn.map((value, i) => value * Math.min(1, (rate - i) / 5000));
      expect(samplePeak(kernels, fadedOut)).toBeCloseTo(Math.SQRT1_2, 3);
      expect(Math.abs(20 * Math.log10(truePeak(kernels, fadedOut)))).toBeLessThan(0.2);
    });

    test('is never below the sample peak, and the same wherever the peak lies', () => {
      const samples = noise(40_000, 3).map((value) => 0.2 * value);
      const burst = noise(60, 11);
      const peaks = [0, 5, 63, 64, 16350, 16384, 39_940].map((at) => {
        const placed = Float32Array.from(samples);
        placed.set(burst, at);
        expect(truePeak(kernels, placed)).toBeGreaterThanOrEqual(samplePeak(kernels, placed));
        return truePeak(kernels, placed);
      });
      // What the surrounding noise adds.
      expect(Math.max(...peaks) - Math.min(...peaks)).toBeLessThan(0.2);
    });

    test('a loud place before or after does not change what is found', () => {
      const samples = noise(5000, 13);
      const quiet = samples.map((value) => value * 0.01);
      const gap = new Float32Array(200);
      const whole = truePeak(kernels, samples);
      expect(truePeak(kernels, Float32Array.from([...quiet, ...gap, ...samples]))).toBeCloseTo(whole, 5);
      expect(truePeak(kernels, Float32Array.from([...samples, ...gap, ...quiet]))).toBeCloseTo(whole, 5);
    });
  });
}
