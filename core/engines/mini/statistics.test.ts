import { describe, expect, test } from 'bun:test';
import { kernelsFor } from '../../../tests/support/kernels.ts';
import { noise } from '../../../tests/support/signals.ts';
import { AffineMap } from '../../kernels/matrix.ts';
import { BANDS } from './bands.ts';
import { EnvelopeRows } from './rows.ts';
import { cepstralMoments, MomentSums, matchingMap, percentile, pitchRange, pitchRatios } from './statistics.ts';

const frames = 300;
const all = new Uint8Array(frames).fill(1);

describe('statistics of frames', () => {
  test('mean and deviation count active frames only, and lose nothing to a large offset', () => {
    const sums = new MomentSums(2);
    sums.addActive(Float32Array.of(1000, 7, 1001, 7, 999, 7, 5, 5), Uint8Array.of(0, 1, 1, 1, 0), 1);
    const { mean, deviation } = sums.moments();
    expect([...mean]).toEqual([1000, 7]);
    expect(deviation[0]).toBeCloseTo(Math.sqrt(2 / 3), 12);
    expect(deviation[1]).toBe(0);
  });

  test('no active frame gives zeros rather than NaN', () => {
    expect(new MomentSums(1).moments()).toEqual({ mean: Float64Array.of(0), deviation: Float64Array.of(0) });
  });

  test('percentiles lie on straight lines between the values', () => {
    expect(percentile(Float64Array.of(4, 1, 3, 2), 50)).toBe(2.5);
    expect(percentile(Float64Array.of(10, 20), 95)).toBeCloseTo(19.5, 12);
    expect(percentile(new Float64Array(0), 50)).toBe(0);
  });

  test('matching gives cepstra the wanted mean, and deviations within the limit', async () => {
    const kernels = await kernelsFor('simd');
    const from = noise(frames * BANDS, 1).map((value) => value - 5);
    const to = noise(frames * BANDS, 2).map((value, i) => 1.2 * value - 3 + Math.sin(i % BANDS));
    const moments = (rows: Float32Array) => cepstralMoments(kernels, EnvelopeRows.from(rows), all);
    const [source, target] = [moments(from), moments(to)];
    const map = new AffineMap(kernels, matchingMap(source, target, 1.5));
    const moved = new Float32Array(from.length);
    map.apply(from, moved);
    const result = moments(moved);
    for (let k = 0; k < BANDS; k++) {
      expect(result.mean[k]).toBeCloseTo(target.mean[k] ?? Number.NaN, 3);
      if (k > 0) expect(result.deviation[k]).toBeCloseTo(target.deviation[k] ?? Number.NaN, 2);
    }
    // The level is moved but not stretched.
    expect(result.deviation[0]).toBeCloseTo(source.deviation[0] ?? Number.NaN, 3);
  });
});

describe('target pitch', () => {
  const track = Float64Array.from({ length: 100 }, (_, i) => (i % 5 === 0 ? 0 : 200 * 2 ** (0.2 * Math.sin(i))));
  const voice = pitchRange(track.map((hertz) => hertz / 2));

  test('auto moves the median to the voice’s and leaves unvoiced frames alone', () => {
    const ratios = pitchRatios(track, voice, 'auto');
    const moved = pitchRange(track.map((hertz, i) => hertz * (ratios[i] ?? 0)));
    expect(moved?.median).toBeCloseTo(voice?.median ?? Number.NaN, 6);
    expect(ratios[5]).toBe(1);
  });

  test('keep changes nothing, a number shifts by semitones, within 55 … 700 Hz', () => {
    expect(pitchRatios(track, voice, 'keep').every((ratio) => ratio === 1)).toBe(true);
    expect(pitchRatios(track, voice, 12)[1]).toBeCloseTo(2, 12);
    const low = pitchRatios(track, voice, -24);
    expect(Math.min(...track.map((hertz, i) => (hertz > 0 ? hertz * (low[i] ?? 0) : 55)))).toBeCloseTo(55, 9);
  });

  test('stays where source or voice has too little pitch to speak of', () => {
    expect(pitchRatios(new Float64Array(50), voice, 'auto').every((ratio) => ratio === 1)).toBe(true);
    expect(pitchRatios(track, null, 'auto').every((ratio) => ratio === 1)).toBe(true);
  });
});
