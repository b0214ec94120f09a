import { expect, test } from 'bun:test';
import { kernelsFor } from '../../../tests/support/kernels.ts';
import { noise, sine } from '../../../tests/support/signals.ts';
import { PitchSpectra, pitchBands, SPECTRA, SPECTRA_BANDS, SPECTRA_HOP } from './pitch-spectra.ts';

// That the bands are those of the published graph shows in parity.test.ts, by the pitch that comes of them.

test('the weights of each band sum to 1, and lie around its centre', () => {
  for (const fftSize of [512, 1024, 2048]) {
    const { first, weights } = pitchBands(fftSize);
    expect(weights.length).toBe(SPECTRA_BANDS);
    for (const [band, row] of weights.entries()) {
      expect(row.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 9);
      const bin = (first[band] ?? 0) + row.indexOf(Math.max(...row));
      const centre = 46.875 * (2093.75 / 46.875) ** (band / 94);
      expect(Math.abs((bin * 16000) / fftSize - centre)).toBeLessThanOrEqual(16000 / fftSize / 2 + 0.03 * centre);
    }
  }
});

test('a tone stands out in the band of its frequency, in all three spectra', async () => {
  const spectra = new PitchSpectra(await kernelsFor('simd'));
  const frames = 40;
  const values = spectra.compute(sine(16000, 16000, 440, 0.3), 10, 10 + frames);
  const band = Math.round((94 * Math.log(440 / 46.875)) / Math.log(2093.75 / 46.875));
  for (let index = 0; index < SPECTRA; index++) {
    const column = Array.from(
      { length: SPECTRA_BANDS },
      (_, b) => values[(index * SPECTRA_BANDS + b) * frames + 20] ?? 0,
    );
    expect(Math.abs(column.indexOf(Math.max(...column)) - band)).toBeLessThanOrEqual(1);
  }
  spectra.free();
});

test('a stretch has the values that it has within the whole, and silence has the logarithm of 1e-8', async () => {
  const spectra = new PitchSpectra(await kernelsFor('simd'));
  const samples = noise(100 * SPECTRA_HOP, 3);
  samples.fill(0, 60 * SPECTRA_HOP);
  const whole = spectra.compute(samples, 0, 100);
  for (const [first, end] of [
    [0, 9],
    [3, 30],
    [50, 100],
  ] as const) {
    const part = spectra.compute(samples, first, end);
    for (let row = 0; row < SPECTRA * SPECTRA_BANDS; row++) {
      for (let frame = first; frame < end; frame++) {
        expect(part[row * (end - first) + frame - first]).toBe(whole[row * 100 + frame] as number);
      }
    }
  }
  expect(whole.at(-1)).toBeCloseTo(Math.log(1e-8), 5);
  spectra.free();
});
