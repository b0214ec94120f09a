import { describe, expect, test } from 'bun:test';
import { builds, kernelsFor } from '../../tests/support/kernels.ts';
import { fixture, glide, noise, type PackedArray, relativeError, unpack } from '../../tests/support/signals.ts';
import type { Kernels } from './module.ts';
import { hannWindow, Stft, type StftShape } from './stft.ts';

const golden = (await fixture('stft')) as { re: PackedArray; im: PackedArray }[];
const goldenShapes: StftShape[] = [
  { fftSize: 512, hop: 160, window: hannWindow(400), padding: 'reflect' },
  { fftSize: 400, hop: 123, window: hannWindow(400), padding: 'zeros' },
];

/** Spectra of a signal, bins 0, 16, 32, …: real parts of all frames, then imaginary parts. */
function everySixteenthBin(stft: Stft, kernels: Kernels, samples: Float32Array): number[] {
  return kernels.scope(() => {
    const { view } = stft.forward(kernels.copyF32(samples));
    const { bins, stride, spectrumLength } = stft.fft;
    const parts = [0, stride].map((offset) => {
      const values: number[] = [];
      for (let frame = 0; frame < stft.frameCount(samples.length); frame++) {
        for (let bin = 0; bin < bins; bin += 16) values.push(view[frame * spectrumLength + offset + bin] ?? Number.NaN);
      }
      return values;
    });
    return parts.flat();
  });
}

function roundTrip(kernels: Kernels, shape: StftShape, samples: Float32Array): Float32Array {
  const stft = new Stft(kernels, shape);
  const back = kernels.scope(() => stft.inverse(stft.forward(kernels.copyF32(samples)), samples.length).view.slice());
  stft.dispose();
  return back;
}

for (const build of builds) {
  describe(`STFT, ${build}`, async () => {
    const kernels = await kernelsFor(build);

    for (const [index, shape] of goldenShapes.entries()) {
      test(`agrees with librosa within 5e-7 (${shape.fftSize} points, padding ${shape.padding})`, () => {
        const { re, im } = golden[index] ?? { re: { shape: [], f32: '' }, im: { shape: [], f32: '' } };
        const actual = everySixteenthBin(new Stft(kernels, shape), kernels, glide(3001, 16000));
        expect(relativeError(actual, [...unpack(re), ...unpack(im)])).toBeLessThan(5e-7);
      });
    }

    test('goes there and back within 1e-6, whatever hop, padding and length', () => {
      for (const padding of ['reflect', 'zeros'] as const) {
        for (const hop of [64, 100, 160, 199]) {
          for (const length of [1, 7, 399, 1600, 5003]) {
            const samples = noise(length, hop);
            const back = roundTrip(kernels, { fftSize: 512, hop, window: hannWindow(400), padding }, samples);
            expect(relativeError(back, samples)).toBeLessThan(1e-6);
          }
        }
      }
    });

    test('without padding gives back what its frames cover', () => {
      const samples = noise(3050);
      const back = roundTrip(kernels, { fftSize: 480, hop: 120, window: hannWindow(480), padding: 'none' }, samples);
      // The last frame ends at 3000. At both ends the window is nearly 0, and dividing by it magnifies rounding errors.
      expect(relativeError(back.slice(20, 2980), samples.slice(20, 2980))).toBeLessThan(1e-6);
      expect([...back.slice(3000)].every((value) => value === 0)).toBe(true);
    });

    test('counts frames as librosa does', () => {
      const count = (padding: StftShape['padding'], length: number) =>
        new Stft(kernels, { fftSize: 400, hop: 100, window: hannWindow(400), padding }).frameCount(length);
      expect([0, 1, 99, 100, 101].map((length) => count('reflect', length))).toEqual([1, 1, 1, 2, 2]);
      expect([0, 399, 400, 499, 500].map((length) => count('none', length))).toEqual([0, 0, 1, 1, 2]);
    });

    test('in pieces is the same as at once', () => {
      const stft = new Stft(kernels, { fftSize: 256, hop: 80, window: hannWindow(256), padding: 'reflect' });
      kernels.scope(() => {
        const signal = kernels.copyF32(noise(2000));
        const whole = stft.forward(signal).view.slice();
        const pieces = [stft.forward(signal, 0, 5), stft.forward(signal, 5, 11), stft.forward(signal, 16)];
        expect(Float32Array.from(pieces.flatMap((piece) => [...piece.view]))).toEqual(whole);
      });
    });

    test('of an empty signal is one frame of zeros', () => {
      const stft = new Stft(kernels, { fftSize: 256, hop: 80, window: hannWindow(256), padding: 'reflect' });
      const spectra = kernels.scope(() => stft.forward(kernels.allocF32(0)).view.slice());
      expect(spectra).toEqual(new Float32Array(stft.fft.spectrumLength));
    });

    test('mirrors a signal shorter than half a frame again and again, as numpy.pad', () => {
      const stft = new Stft(kernels, {
        fftSize: 16,
        hop: 16,
        window: new Float32Array(16).fill(1),
        padding: 'reflect',
      });
      const back = kernels.scope(() => {
        const spectra = stft.forward(kernels.copyF32([1, 2, 3]));
        const frame = kernels.allocF32(16);
        stft.fft.inverse(spectra.pointer, frame.pointer);
        return [...frame.view].map((value) => Math.round(value * 1000) / 1000);
      });
      expect(back).toEqual([1, 2, 3, 2, 1, 2, 3, 2, 1, 2, 3, 2, 1, 2, 3, 2]);
    });

    test('writes nothing beyond its spectra and samples', () => {
      const stft = new Stft(kernels, { fftSize: 270, hop: 77, window: hannWindow(201), padding: 'reflect' });
      kernels.scope(() => {
        const signal = kernels.copyF32(noise(1001));
        const before = kernels.allocF32(4);
        const spectra = stft.forward(signal);
        const between = kernels.allocF32(4);
        const back = stft.inverse(spectra, 1001);
        const after = kernels.allocF32(4);
        expect(relativeError(back.view, signal.view)).toBeLessThan(1e-6);
        expect([...before.view, ...between.view, ...after.view]).toEqual(new Array(12).fill(0));
      });
    });

    test('refuses a window longer than the frame and a hop of nothing', () => {
      const shape = { fftSize: 256, hop: 64, window: hannWindow(256), padding: 'none' } as const;
      expect(() => new Stft(kernels, { ...shape, window: hannWindow(257) })).toThrow(RangeError);
      expect(() => new Stft(kernels, { ...shape, hop: 0 })).toThrow(RangeError);
    });
  });
}
