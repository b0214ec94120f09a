import { describe, expect, test } from 'bun:test';
import { builds, kernelsFor } from '../../tests/support/kernels.ts';
import { energy, fixture, glide, noise, type PackedArray, relativeError, unpack } from '../../tests/support/signals.ts';
import { type RealFft, realFft } from './fft.ts';
import type { Kernels } from './module.ts';

const golden = (await fixture('fft')) as Record<string, { re: PackedArray; im: PackedArray }>;

const sizes = [256, 270, 320, 400, 480, 500, 512, 640, 768, 800, 1000, 1024, 1536, 1920, 2048, 3000, 4000, 4096];
/** Every kind of plan: one pass, scalar passes in the SIMD build, an odd number of groups, each radix first or last. */
const smallSizes = [8, 10, 12, 16, 18, 20, 24, 30, 32, 36, 40, 48, 50, 54, 60, 64, 72, 80, 90, 96, 100, 120, 128, 250];

interface Spectrum {
  readonly re: Float32Array;
  readonly im: Float32Array;
}

function forward(kernels: Kernels, samples: Float32Array): Spectrum {
  const fft = realFft(kernels, samples.length);
  return kernels.scope(() => {
    const spectrum = fft.allocSpectrum();
    fft.forward(kernels.copyF32(samples).pointer, spectrum.pointer);
    return {
      re: spectrum.view.slice(0, fft.bins),
      im: spectrum.view.slice(fft.stride, fft.stride + fft.bins),
    };
  });
}

function roundTrip(kernels: Kernels, samples: Float32Array): Float32Array {
  const fft = realFft(kernels, samples.length);
  return kernels.scope(() => {
    const spectrum = fft.allocSpectrum();
    const back = kernels.allocF32(fft.size);
    fft.forward(kernels.copyF32(samples).pointer, spectrum.pointer);
    fft.inverse(spectrum.pointer, back.pointer);
    return back.view.slice();
  });
}

/** The definition, in f64. */
function discreteFourier(samples: Float32Array): Spectrum {
  const n = samples.length;
  const bins = Array.from({ length: n / 2 + 1 }, (_, k) => {
    let re = 0;
    let im = 0;
    for (let i = 0; i < n; i++) {
      const angle = (2 * Math.PI * ((i * k) % n)) / n;
      re += (samples[i] ?? 0) * Math.cos(angle);
      im -= (samples[i] ?? 0) * Math.sin(angle);
    }
    return { re, im };
  });
  return { re: Float32Array.from(bins, (bin) => bin.re), im: Float32Array.from(bins, (bin) => bin.im) };
}

function distance(actual: Spectrum, expected: Spectrum): number {
  return relativeError([...actual.re, ...actual.im], [...expected.re, ...expected.im]);
}

for (const build of builds) {
  describe(`real FFT, ${build}`, async () => {
    const kernels = await kernelsFor(build);

    for (const [size, { re, im }] of Object.entries(golden)) {
      test(`of ${size} samples agrees with NumPy within 3e-7`, () => {
        const actual = forward(kernels, glide(Number(size), 16000));
        expect(distance(actual, { re: unpack(re), im: unpack(im) })).toBeLessThan(3e-7);
      });
    }

    test('of small sizes agrees with the definition within 3e-7', () => {
      for (const size of smallSizes) {
        const samples = noise(size, size);
        expect(distance(forward(kernels, samples), discreteFourier(samples))).toBeLessThan(3e-7);
      }
    });

    test('goes there and back within 3e-7 for every size', () => {
      for (const size of [...smallSizes, ...sizes]) {
        const samples = noise(size, size);
        expect(relativeError(roundTrip(kernels, samples), samples)).toBeLessThan(3e-7);
      }
    });

    test('keeps energy (Parseval) within 1e-6', () => {
      for (const size of sizes) {
        const samples = noise(size, 3);
        const { re, im } = forward(kernels, samples);
        const ends = (re[0] ?? 0) ** 2 + (re[size / 2] ?? 0) ** 2;
        const spectral = (2 * (energy(re) + energy(im)) - ends) / size;
        expect(Math.abs(spectral / energy(samples) - 1)).toBeLessThan(1e-6);
      }
    });

    test('is linear', () => {
      const [a, b] = [noise(1000, 1), noise(1000, 2)];
      const sum = forward(
        kernels,
        a.map((value, i) => 2 * value - 3 * (b[i] ?? 0)),
      );
      const [A, B] = [forward(kernels, a), forward(kernels, b)];
      const combine = (x: Float32Array, y: Float32Array) => x.map((value, i) => 2 * value - 3 * (y[i] ?? 0));
      expect(distance(sum, { re: combine(A.re, B.re), im: combine(A.im, B.im) })).toBeLessThan(1e-6);
    });

    test('turns an impulse at sample 1 into a unit circle', () => {
      for (const size of [256, 400, 1000]) {
        const impulse = new Float32Array(size);
        impulse[1] = 1;
        const { re, im } = forward(kernels, impulse);
        const circle = Array.from(re, (_, k) => (2 * Math.PI * k) / size);
        expect(
          distance(
            { re, im },
            { re: Float32Array.from(circle, Math.cos), im: Float32Array.from(circle, (a) => -Math.sin(a)) },
          ),
        ).toBeLessThan(2e-7);
      }
    });

    test('works in place', () => {
      const fft = realFft(kernels, 480);
      const samples = noise(480);
      const expected = forward(kernels, samples);
      kernels.scope(() => {
        const block = fft.allocSpectrum();
        block.view.set(samples);
        fft.forward(block.pointer, block.pointer);
        expect(block.view.slice(0, fft.bins)).toEqual(Float32Array.from(expected.re));
        fft.inverse(block.pointer, block.pointer);
        expect(relativeError(block.view.slice(0, 480), samples)).toBeLessThan(3e-7);
      });
    });

    test('leaves its input alone and writes nothing outside its output', () => {
      for (const size of [8, 18, 20, 100, 270, 400, 512, 1000]) guarded(kernels, realFft(kernels, size));
    });

    test('zeroes the floats between the halves of a spectrum', () => {
      const fft = realFft(kernels, 512);
      kernels.scope(() => {
        const spectrum = fft.allocSpectrum();
        spectrum.view.fill(7);
        fft.forward(kernels.copyF32(noise(512)).pointer, spectrum.pointer);
        expect([...spectrum.view.slice(fft.bins, fft.stride), ...spectrum.view.slice(fft.stride + fft.bins)]).toEqual([
          0, 0, 0, 0, 0, 0,
        ]);
      });
    });

    test('shares one plan per size', () => {
      expect(realFft(kernels, 512)).toBe(realFft(kernels, 512));
    });

    test('refuses sizes that it cannot transform', () => {
      for (const size of [0, 2, 6, 9, 14, 22, 1023, 1026, -8, 8.5]) {
        expect(() => realFft(kernels, size)).toThrow(RangeError);
      }
    });
  });
}

test('both builds give the same spectrum within 2e-7', async () => {
  const [simd, scalar] = await Promise.all(builds.map(kernelsFor));
  if (!simd || !scalar) throw new Error('two builds');
  for (const size of sizes) {
    const samples = noise(size, 5);
    expect(distance(forward(simd, samples), forward(scalar, samples))).toBeLessThan(2e-7);
  }
});

const GUARD = 12345.678;

/** Surrounds input and output with a known number, transforms there and back, and looks whether it still stands. */
function guarded(kernels: Kernels, fft: RealFft): void {
  kernels.scope(() => {
    const margin = 16;
    const samples = noise(fft.size, 9);
    const input = kernels.allocF32(fft.size + 2 * margin);
    const output = kernels.allocF32(fft.spectrumLength + 2 * margin);
    const back = kernels.allocF32(fft.size + 2 * margin);
    for (const block of [input, output, back]) block.view.fill(GUARD);
    input.view.set(samples, margin);
    fft.forward(input.pointer + 4 * margin, output.pointer + 4 * margin);
    fft.inverse(output.pointer + 4 * margin, back.pointer + 4 * margin);
    expect(input.view.slice(margin, -margin)).toEqual(samples);
    for (const { view } of [input, output, back]) {
      const guards = new Set([...view.slice(0, margin), ...view.slice(-margin)]);
      expect([...guards]).toEqual([Math.fround(GUARD)]);
    }
  });
}
