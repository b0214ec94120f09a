import { describe, expect, test } from 'bun:test';
import { builds, kernelsFor } from '../../tests/support/kernels.ts';
import { fixture, glide, noise, type PackedArray, relativeError, unpack } from '../../tests/support/signals.ts';
import { averagingTriangles, BandMatrix, type BandWeights, hzToMel, melToHz, melTriangles } from './bands.ts';
import { MelSpectrogram, type MelSpectrogramShape } from './mel.ts';
import { hannWindow } from './stft.ts';

const golden = (await fixture('mel')) as Record<'slaney' | 'htk' | 'averaging' | 'natural' | 'decibels', PackedArray>;

const slaney = melTriangles({
  sampleRate: 22050,
  fftSize: 1024,
  bands: 80,
  lowHz: 0,
  highHz: 8000,
  scale: 'slaney',
  normalisation: 'area',
});
const htk = melTriangles({
  sampleRate: 16000,
  fftSize: 400,
  bands: 40,
  lowHz: 20,
  highHz: 7600,
  scale: 'htk',
  normalisation: 'peak',
});
const averaging = averagingTriangles(16000, 1024, 80);

const cosine = (length: number) => Float64Array.from({ length }, (_, i) => Math.cos(i * 0.1));

function product({ first, weights }: BandWeights, column: ArrayLike<number>): number[] {
  return weights.map((run, band) => run.reduce((sum, w, k) => sum + w * (column[(first[band] ?? 0) + k] ?? 0), 0));
}

describe('mel bands', () => {
  // librosa keeps its filter banks in f32, hence no closer.
  test("librosa's filters within 1e-6", () => {
    expect(relativeError(product(slaney, cosine(513)), unpack(golden.slaney))).toBeLessThan(1e-6);
    expect(relativeError(product(htk, cosine(201)), unpack(golden.htk))).toBeLessThan(1e-6);
  });

  test("the mini engine's averaging weights within 1e-7, rows summing to 1", () => {
    const probe = cosine(513).map((value, i) => value + i / 100);
    expect(relativeError(product(averaging, probe), unpack(golden.averaging))).toBeLessThan(1e-7);
    for (const run of averaging.weights) expect(run.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
  });

  test('hold no zero at either end of a row', () => {
    for (const { weights } of [slaney, htk, averaging]) {
      expect(weights.every((run) => run.length > 0 && run[0] !== 0 && run.at(-1) !== 0)).toBe(true);
    }
  });

  test('mel and back is the same frequency on both scales', () => {
    for (const scale of ['htk', 'slaney'] as const) {
      for (const hz of [0, 50, 999, 1000, 1001, 8000]) expect(melToHz(hzToMel(hz, scale), scale)).toBeCloseTo(hz, 8);
    }
    expect(hzToMel(1000, 'slaney')).toBeCloseTo(15, 12);
    expect(hzToMel(1000, 'htk')).toBeCloseTo(999.9855, 3);
  });
});

for (const build of builds) {
  describe(`band matrix and mel spectrogram, ${build}`, async () => {
    const kernels = await kernelsFor(build);

    test('multiplies runs of every length, reading and writing nothing else', () => {
      const rows: BandWeights = {
        first: [0, 1, 2, 0, 3, 5],
        weights: [1, 2, 5, 19, 8, 16].map((length) => [...noise(length, length)]),
      };
      const matrix = new BandMatrix(kernels, rows);
      const stride = 23;
      const input = noise(3 * stride, 4);
      kernels.scope(() => {
        const out = matrix.apply(kernels.copyF32(input), stride);
        const guard = kernels.allocF32(4);
        const expected = [0, 1, 2].flatMap((frame) =>
          product(rows, input.subarray(frame * stride, (frame + 1) * stride)),
        );
        expect(relativeError(out.view, expected)).toBeLessThan(1e-6);
        expect([...guard.view]).toEqual([0, 0, 0, 0]);
      });
      matrix.dispose();
    });

    const shape: MelSpectrogramShape = {
      fftSize: 1024,
      hop: 256,
      window: hannWindow(1024),
      padding: 'zeros',
      bands: slaney,
      spectrum: 'magnitude',
      logarithm: 'natural',
      floor: 1e-5,
    };
    const everyFifth = (values: Float32Array) => [...values].filter((_, i) => (i % 80) % 5 === 0);

    test("agrees with librosa's log-mel spectrogram within 1e-5 nat", () => {
      const actual = everyFifth(new MelSpectrogram(kernels, shape).compute(glide(8000, 22050, 60)));
      const expected = unpack(golden.natural);
      expect(actual.length).toBe(expected.length);
      expect(Math.max(...actual.map((value, i) => Math.abs(value - (expected[i] ?? 0))))).toBeLessThan(1e-5);
    });

    test("agrees with librosa's power spectrogram within 1e-3 dB", () => {
      const decibels = { ...shape, spectrum: 'power', logarithm: 'decibels', floor: 1e-10 } as const;
      const actual = everyFifth(new MelSpectrogram(kernels, decibels).compute(glide(8000, 22050, 60)));
      const expected = unpack(golden.decibels);
      expect(Math.max(...actual.map((value, i) => Math.abs(value - (expected[i] ?? 0))))).toBeLessThan(1e-3);
    });

    test('stops at the floor for silence', () => {
      const silent = new MelSpectrogram(kernels, shape).compute(new Float32Array(1000));
      const floor = Math.log(1e-5);
      expect(Math.max(...silent.map((value) => Math.abs(value - floor)))).toBeLessThan(1e-5);
    });

    test('needs no more memory for a long signal than its samples', () => {
      const mel = new MelSpectrogram(kernels, shape);
      mel.compute(noise(300_000));
      const before = kernels.memoryBytes;
      mel.compute(noise(600_000));
      expect(kernels.memoryBytes - before).toBeLessThan(300_000 * 4 + 2 ** 20);
      mel.dispose();
    });
  });
}
