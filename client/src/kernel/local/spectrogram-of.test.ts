import { expect, test } from 'bun:test';
import { kernelsFor } from '../../../../tests/support/kernels.ts';
import { sine } from '../../../../tests/support/signals.ts';
import { frequencyAt, heightOf } from '../spectrogram.ts';
import { spectrogramOf } from './spectrogram-of.ts';

const sampleRate = 24_000;
const kernels = await kernelsFor('simd');

/** Frequency of the strongest row of a column, in Hz. */
function strongestHz({ levels, columns, rows }: ReturnType<typeof spectrogramOf>, column: number): number {
  const level = (row: number) => levels[row * columns + column] ?? 0;
  const strongest = Array.from({ length: rows }, (_, row) => row).reduce((a, b) => (level(b) > level(a) ? b : a));
  return frequencyAt((rows - 1 - strongest) / (rows - 1));
}

test.each([150, 1000, 6000])('a tone of %p Hz is a line at its frequency, from end to end', (hz) => {
  const picture = spectrogramOf({ samples: sine(4 * sampleRate, sampleRate, hz, 0.5), sampleRate }, kernels);
  expect(picture.columns).toBeGreaterThan(900);
  expect(picture.columns).toBeLessThanOrEqual(1001);
  // Columns on both sides of every piece's edge.
  for (const column of [2, 127, 128, 129, 500, 511, 512, picture.columns - 3]) {
    expect(Math.abs(Math.log2(strongestHz(picture, column) / hz)), `column ${column}`).toBeLessThan(0.12);
  }
});

test('time runs to the right, and silence is the faintest shade', () => {
  const samples = new Float32Array(2 * sampleRate);
  samples.set(sine(sampleRate, sampleRate, 500, 0.5), sampleRate);
  const picture = spectrogramOf({ samples, sampleRate }, kernels);
  const column = (share: number) => {
    const at = Math.floor(share * picture.columns);
    return Array.from({ length: picture.rows }, (_, row) => picture.levels[row * picture.columns + at] ?? 0);
  };
  expect(Math.max(...column(0.2))).toBe(0);
  expect(Math.max(...column(0.8))).toBeGreaterThan(250);
});

test('frequencies that the recording cannot hold are silent', () => {
  const picture = spectrogramOf({ samples: sine(16_000, 16_000, 1000, 0.5), sampleRate: 16_000 }, kernels);
  expect(Math.max(...picture.levels.subarray(0, 8 * picture.columns))).toBe(0);
});

test('octaves are equally high', () => {
  expect(heightOf(400) - heightOf(200)).toBeCloseTo(heightOf(200) - heightOf(100), 9);
  expect(heightOf(frequencyAt(0.3))).toBeCloseTo(0.3, 9);
});
