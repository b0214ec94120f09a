import { expect, test } from 'bun:test';
import { Joint } from './joint.ts';

test('a jump fades away, across pieces, and what follows on stays as it is', () => {
  const joint = new Joint(48000);
  const before = Float32Array.from({ length: 128 }, () => 0.5);
  joint.pass(before);
  expect(before.every((value) => value === 0.5)).toBe(true);
  const after = Array.from({ length: 4 }, () => new Float32Array(128));
  for (const [i, piece] of after.entries()) joint.pass(piece, i === 0 ? 0 : -1);
  const whole = after.flatMap((piece) => [...piece]);
  expect(whole[0]).toBeCloseTo(0.5, 3);
  for (let i = 1; i < whole.length; i++) {
    expect(Math.abs((whole[i] as number) - (whole[i - 1] as number))).toBeLessThan(0.01);
  }
  expect(whole.slice(256).every((value) => value === 0)).toBe(true);
});
