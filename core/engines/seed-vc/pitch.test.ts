import { describe, expect, test } from 'bun:test';
import { loadGolden } from '../../../tests/support/seed-vc-fixture.ts';
import { changedPitch, pitchBins, pitchOf, SALIENCE_BINS } from './pitch.ts';

const unchanged = { autoF0Adjust: false, semitoneShift: 0 };

describe('pitch', () => {
  test('is read from salience as RMVPE does', async () => {
    const golden = await loadGolden('frontends');
    const pitch = pitchOf(golden.get('salience').data);
    const expected = golden.get('salience_pitch').data;
    expect(pitch.length).toBe(expected.length);
    for (const [i, hertz] of pitch.entries()) expect(Math.abs(hertz - (expected[i] ?? 0))).toBeLessThan(1e-2);
  });

  test('is that of the one bin that stands out, and none where nothing does', () => {
    const salience = new Float32Array(3 * SALIENCE_BINS);
    salience[100] = 0.9;
    salience[SALIENCE_BINS + 359] = 0.5;
    salience[2 * SALIENCE_BINS + 10] = 0.03;
    const [middle = 0, top = 0, none] = pitchOf(salience);
    const at = (bin: number) => 10 * 2 ** ((1997.3794084376191 + 20 * bin) / 1200);
    expect(middle).toBeCloseTo(at(100), 3);
    expect(top).toBeCloseTo(at(359), 2);
    expect(none).toBe(0);
  });

  test('goes to the median of the voice when asked, as a ratio, voiced frames alone', () => {
    const source = Float32Array.of(0, 100, 200, 400);
    const moved = changedPitch(source, Float32Array.of(300, 0, 300), { ...unchanged, autoF0Adjust: true });
    expect([...moved].map(Math.round)).toEqual([0, 150, 300, 600]);
    expect(changedPitch(source, Float32Array.of(300), unchanged)).toEqual(source);
  });

  test('has no median to go to without a voiced frame', () => {
    const adjusted = { ...unchanged, autoF0Adjust: true };
    expect([...changedPitch(Float32Array.of(0, 100), Float32Array.of(0, 0), adjusted)]).toEqual([0, 100]);
    expect([...changedPitch(Float32Array.of(0, 0), Float32Array.of(100), adjusted)]).toEqual([0, 0]);
  });

  test('moves by semitones', () => {
    const [none, up = 0] = changedPitch(Float32Array.of(0, 220), new Float32Array(0), {
      ...unchanged,
      semitoneShift: 12,
    });
    expect(none).toBe(0);
    expect(up).toBeCloseTo(440, 3);
    const [down = 0] = changedPitch(Float32Array.of(220), new Float32Array(0), { ...unchanged, semitoneShift: -24 });
    expect(down).toBeCloseTo(55, 3);
  });

  test('falls into classes: unvoiced and low ones 1, too high ones 0, the others by mel', () => {
    expect(Array.from(pitchBins(Float32Array.of(0, 20, 50, 1100, 3000)), Number)).toEqual([1, 1, 1, 255, 0]);
    const bins = Array.from(pitchBins(Float32Array.of(100, 200, 400, 800)), Number);
    expect(bins).toEqual(bins.toSorted((a, b) => a - b));
    expect(new Set(bins).size).toBe(4);
  });
});
