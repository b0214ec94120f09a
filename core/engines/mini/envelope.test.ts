import { expect, test } from 'bun:test';
import { noise } from '../../../tests/support/signals.ts';
import { BANDS, bandAt, bandHertz, bandWeights, binPositions, cosines, frameCount } from './bands.ts';
import { activeFrames } from './envelope.ts';
import { blocksOf, EnvelopeRows } from './rows.ts';

test('frames within 35 dB of the loud ones are active', () => {
  const power = Float32Array.from({ length: 100 }, (_, frame) => (frame < 50 ? 1 : frame < 75 ? 1e-3 : 1e-4));
  expect([...activeFrames(power)]).toEqual(Array.from({ length: 100 }, (_, frame) => (frame < 75 ? 1 : 0)));
});

test('in silence no frame is louder than another', () => {
  expect(activeFrames(new Float32Array(10)).every((flag) => flag === 1)).toBe(true);
});

test('bands run from 0 to 8 kHz, equally far apart in mel, and their weights are means', () => {
  expect(bandHertz(0)).toBeCloseTo(0, 9);
  expect(bandHertz(BANDS - 1)).toBeCloseTo(8000, 6);
  for (const band of [0, 7.5, 40, 79]) expect(bandAt(bandHertz(band))).toBeCloseTo(band, 9);
  for (const weights of bandWeights().weights)
    expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 12);
});

test('each bin lies between its two bands', () => {
  const { lower, fraction } = binPositions();
  for (const [bin, band] of lower.entries()) {
    const [left, right] = [bandHertz(band), bandHertz(band + 1)];
    expect(left + (fraction[bin] ?? 0) * (right - left)).toBeCloseTo(bin * 15.625, 2);
  }
});

test('the cosines are orthonormal', () => {
  for (const [a, b] of [
    [0, 0],
    [0, 1],
    [7, 7],
    [7, 30],
    [79, 79],
  ] as const) {
    let product = 0;
    for (let i = 0; i < BANDS; i++) product += (cosines[a * BANDS + i] ?? 0) * (cosines[b * BANDS + i] ?? 0);
    expect(product).toBeCloseTo(a === b ? 1 : 0, 12);
  }
});

test('a signal has a frame every 160 samples, the first at its beginning', () => {
  expect([0, 1, 159, 161, 16000].map(frameCount)).toEqual([1, 1, 1, 2, 101]);
});

test('rows in 16 bits come back within 0.0004 nat, block by block, and are limited rather than wrapped', () => {
  const rows = noise(7 * BANDS).map((value) => 20 * value);
  const packed = EnvelopeRows.from(rows);
  const seen: number[] = [];
  for (const { first, block } of blocksOf(packed, 3)) {
    expect(first * BANDS).toBe(seen.length);
    seen.push(...block);
  }
  expect(seen.length).toBe(rows.length);
  for (const [i, value] of seen.entries()) expect(Math.abs(value - (rows[i] ?? 0))).toBeLessThan(0.0004);
  packed.write(0, Float32Array.of(99, -99));
  const [high = 0, low = 0] = packed.read(0, new Float32Array(2));
  expect(high).toBeCloseTo(25.6, 1);
  expect(low).toBeCloseTo(-25.6, 1);
});
