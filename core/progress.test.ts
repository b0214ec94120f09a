import { expect, test } from 'bun:test';
import { Progress } from './progress.ts';

test('stages add up by their weights, progress never falls, and 1 comes once, at the end', () => {
  const seen: number[] = [];
  const progress = new Progress((fraction) => seen.push(fraction), 4);
  const first = progress.stage(1);
  const second = progress.stage(3);
  first(0.5);
  first(1);
  first(0.2);
  second(1 / 3);
  second(1);
  second(7);
  progress.finish();
  progress.finish();
  expect(seen).toEqual([0.125, 0.25, 0.5, 0.9999, 1]);
});

test('nobody has to listen', () => {
  const progress = new Progress(undefined, 1);
  progress.stage(1)(0.5);
  expect(() => progress.finish()).not.toThrow();
});
