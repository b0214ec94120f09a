import { expect, test } from 'bun:test';
import { barHeights, peaksOf, resamplePeaks } from './peaks.ts';

test('each stretch keeps its largest absolute value', () => {
  expect([...peaksOf(Float32Array.of(0.25, -0.5, 0, 0.125, -1, 0.5), 3)]).toEqual([0.5, 0.125, 1]);
});

test('more stretches than samples repeat them, and beyond full scale is full scale', () => {
  expect([...peaksOf(Float32Array.of(0.5, -4), 4)]).toEqual([0.5, 0.5, 1, 1]);
});

test('nothing in gives silence out', () => {
  expect([...peaksOf(new Float32Array(0), 3)]).toEqual([0, 0, 0]);
});

test('a single loud sample survives every reduction', () => {
  const samples = new Float32Array(10_007);
  samples[5003] = 0.75;
  const few = resamplePeaks(peaksOf(samples, 1200), 7);
  expect(Math.max(...few)).toBe(0.75);
});

test('bars reach full height at the loudest passage and stay flat in silence', () => {
  const heights = barHeights(Float32Array.of(0, 0.1, 0.2));
  expect(heights[0]).toBe(0);
  expect(heights[2]).toBe(1);
  expect(heights[1]).toBeGreaterThan(0.5);
  expect([...barHeights(new Float32Array(2))]).toEqual([0, 0]);
});

test('against full scale a quiet recording looks quiet', () => {
  expect(barHeights(Float32Array.of(0.01), 1)[0]).toBeLessThan(0.05);
});
