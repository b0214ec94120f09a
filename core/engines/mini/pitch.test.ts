import { describe, expect, test } from 'bun:test';
import { toFrames } from './pitch.ts';

/** Network frames every 16 ms, each [hertz, voiced]. */
function heard(...frames: [hertz: number, voiced: boolean][]) {
  return {
    logHertz: Float64Array.from(frames, ([hertz]) => Math.log(hertz)),
    confidence: Float64Array.from(frames, ([, voiced]) => (voiced ? 0.9 : 0.1)),
  };
}

describe('pitch every 10 ms from the network’s every 16 ms', () => {
  test('lies on straight lines of log frequency', () => {
    // 100 Hz at 0 s, 200 Hz at 16 ms, 400 Hz at 32 ms: an octave in each step.
    const f0 = toFrames(heard([100, true], [200, true], [400, true]), 4);
    for (const [frame, hertz] of f0.entries()) expect(hertz).toBeCloseTo(100 * 2 ** (frame / 1.6), 6);
  });

  test('is voiced where the nearer neighbours are, and bridges what lies between', () => {
    const f0 = toFrames(heard([100, true], [999, false], [999, false], [400, true]), 5);
    expect([...f0].map((hertz) => hertz > 0)).toEqual([true, false, false, false, true]);
    // At 40 ms, 5/6 of the way from 100 Hz (0 ms) to 400 Hz (48 ms); the unvoiced frames' own pitch does not count.
    expect(f0[4]).toBeCloseTo(100 * 4 ** (5 / 6), 6);
  });

  test('stays at the last value beyond the last frame', () => {
    const f0 = toFrames(heard([100, true], [200, true]), 6);
    expect([...f0.subarray(2)].every((hertz) => Math.abs(hertz - 200) < 1e-9)).toBe(true);
  });

  test('is unvoiced throughout where fewer than two frames are voiced', () => {
    expect(toFrames(heard([100, true], [200, false]), 3).every((hertz) => hertz === 0)).toBe(true);
    expect(toFrames(heard([100, true]), 2).every((hertz) => hertz === 0)).toBe(true);
  });
});
