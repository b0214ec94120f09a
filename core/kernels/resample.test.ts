import { describe, expect, test } from 'bun:test';
import { builds, kernelsFor } from '../../tests/support/kernels.ts';
import {
  energy,
  fixture,
  glide,
  noise,
  type PackedArray,
  sine,
  snrDecibels,
  unpack,
} from '../../tests/support/signals.ts';
import type { Kernels } from './module.ts';
import { createResampler, outputLength, resample } from './resample.ts';

const golden = (await fixture('resample')) as Record<string, PackedArray>;

/** One of each kind: down, up, awkward, interpolated (denominators beyond 1024), the extremes. */
const pairs = [
  [44100, 16000],
  [16000, 48000],
  [48000, 44100],
  [22051, 16000],
  [16000, 22051],
  [192000, 8000],
  [8000, 192000],
] as const;

/** The middle of a signal, where neither end is felt. */
function middle(samples: Float32Array): Float32Array {
  return samples.subarray(Math.floor(samples.length * 0.3), Math.floor(samples.length * 0.7));
}

/** Level in decibels of what a full-scale sine becomes. */
function responseDecibels(kernels: Kernels, from: number, to: number, hz: number): number {
  const out = middle(resample(kernels, sine(Math.round(from * 0.25), from, hz), from, to));
  return 10 * Math.log10((2 * energy(out)) / out.length + 1e-30);
}

/** How far a sine below the band limit comes out as the same sine at the new rate, at the same place. */
function sineSnrDecibels(kernels: Kernels, from: number, to: number, hz: number): number {
  const length = Math.round(from * 0.25);
  const actual = resample(kernels, sine(length, from, hz), from, to);
  return snrDecibels(middle(actual), middle(sine(actual.length, to, hz)));
}

/** Cuts a signal into pieces of the given lengths, the last one over and over. */
function inPieces(kernels: Kernels, samples: Float32Array, from: number, to: number, lengths: number[]): Float32Array {
  const resampler = createResampler(kernels, from, to);
  const out: number[] = [];
  for (let at = 0, i = 0; at < samples.length; i++) {
    const length = lengths[Math.min(i, lengths.length - 1)] ?? 1;
    out.push(...resampler.push(samples.subarray(at, at + length)));
    at += length;
  }
  out.push(...resampler.flush());
  resampler.dispose();
  return Float32Array.from(out);
}

for (const build of builds) {
  describe(`resampler, ${build}`, async () => {
    const kernels = await kernelsFor(build);

    for (const [from, to] of pairs) {
      const nyquist = Math.min(from, to) / 2;

      test(`${from} → ${to}: sines up to 0.91 of the band come out alike, all else at least 80 dB down`, () => {
        for (const part of [0.05, 0.5, 0.8, 0.91]) {
          expect(sineSnrDecibels(kernels, from, to, part * nyquist)).toBeGreaterThan(80);
        }
      });

      if (from > to) {
        test(`${from} → ${to}: nothing above the new band folds back louder than −80 dB`, () => {
          const top = from / 2;
          const sweep = Array.from(
            { length: 12 },
            (_, i) => nyquist * (1.0005 + (i / 11) ** 2 * (top / nyquist - 1.001)),
          );
          for (const hz of sweep) expect(responseDecibels(kernels, from, to, hz)).toBeLessThan(-80);
        });
      }

      test(`${from} → ${to}: a constant stays constant within 1e-6`, () => {
        const out = middle(resample(kernels, new Float32Array(Math.round(from * 0.1)).fill(1), from, to));
        expect(out.length).toBeGreaterThan(0);
        expect(Math.max(...out.map((value) => Math.abs(value - 1)))).toBeLessThan(1e-6);
      });

      test(`${from} → ${to}: however it is cut, the same bits`, () => {
        const samples = noise(9001, 7);
        const whole = resample(kernels, samples, from, to);
        expect(whole.length).toBe(outputLength(9001, from, to));
        for (const lengths of [[4000, 1, 0, 17, 2500], [8192], [997]]) {
          expect(inPieces(kernels, samples, from, to, lengths)).toEqual(Float32Array.from(whole));
        }
      });
    }

    for (const [pair, expected] of Object.entries(golden)) {
      const [from = 0, to = 0] = pair.split('-').map(Number);
      test(`${from} → ${to} agrees with soxr HQ within −60 dB away from the ends`, () => {
        const actual = resample(kernels, glide(Math.floor(from * 0.15), from, 55), from, to);
        const reference = unpack(expected);
        expect(actual.length).toBe(reference.length);
        const edge = Math.round(to * 0.02);
        expect(snrDecibels(actual.slice(edge, -edge), reference.slice(edge, -edge))).toBeGreaterThan(60);
      });
    }

    test('an impulse stays where it was and its trace is symmetric', () => {
      const impulse = new Float32Array(2000);
      impulse[1000] = 1;
      const out = resample(kernels, impulse, 16000, 48000);
      expect(out.indexOf(Math.max(...out))).toBe(3000);
      for (let i = 1; i < 190; i++) expect(out[3000 + i]).toBeCloseTo(out[3000 - i] ?? Number.NaN, 6);
    });

    test('gives ⌈length·to/from⌉ samples for short and odd lengths, and none for none', () => {
      for (const length of [0, 1, 2, 3, 440, 441, 442]) {
        expect(resample(kernels, noise(length), 44100, 16000).length).toBe(Math.ceil((length * 16000) / 44100));
        expect(resample(kernels, noise(length), 16000, 44100).length).toBe(Math.ceil((length * 44100) / 16000));
      }
    });

    test('hands equal rates through', () => {
      const samples = noise(100);
      expect(resample(kernels, samples, 16000, 16000)).toBe(samples);
      expect(inPieces(kernels, samples, 16000, 16000, [33])).toEqual(samples);
    });

    test('begins anew after a flush', () => {
      const resampler = createResampler(kernels, 16000, 24000);
      const samples = noise(500);
      const round = () => [...resampler.push(samples), ...resampler.flush()];
      expect(round()).toEqual(round());
      resampler.dispose();
    });

    test('two streams side by side do not disturb each other', () => {
      const [a, b] = [noise(3000, 1), noise(3000, 2)];
      const streams = [a, b].map((samples) => ({
        samples,
        out: [] as number[],
        stream: createResampler(kernels, 44100, 16000),
      }));
      for (let at = 0; at < 3000; at += 500) {
        for (const { samples, out, stream } of streams) out.push(...stream.push(samples.subarray(at, at + 500)));
      }
      for (const { samples, out, stream } of streams) {
        out.push(...stream.flush());
        stream.dispose();
        expect(Float32Array.from(out)).toEqual(Float32Array.from(resample(kernels, samples, 44100, 16000)));
      }
    });

    test('writes nothing outside its own memory', () => {
      const before = kernels.reserveF32(64);
      const resampler = createResampler(kernels, 22051, 48000);
      const after = kernels.reserveF32(64);
      for (const guard of [before, after]) guard.view.fill(7);
      for (let i = 0; i < 5; i++) resampler.push(noise(9999, i));
      resampler.flush();
      expect([...before.view, ...after.view]).toEqual(new Array(128).fill(7));
      resampler.dispose();
      before.free();
      after.free();
    });

    test('gives its memory back', () => {
      resample(kernels, noise(50_000), 192000, 44100);
      const bytes = kernels.memoryBytes;
      for (let i = 0; i < 20; i++) resample(kernels, noise(5000), 192000, 44100);
      expect(kernels.memoryBytes).toBe(bytes);
    });

    test('refuses rates that are not whole numbers of hertz', () => {
      for (const rate of [0, -1, 44100.5, Number.NaN, 2_000_000]) {
        expect(() => createResampler(kernels, rate, 16000)).toThrow(RangeError);
        expect(() => createResampler(kernels, 16000, rate)).toThrow(RangeError);
      }
    });
  });
}
