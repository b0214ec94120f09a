import { expect, test } from 'bun:test';
import { difference, mean, shortfall, worst } from './figures.ts';

const rows = [
  { secs: 0.8, per: 0.4, length_ratio: 1.02 },
  { secs: 0.6, per: 0.5, length_ratio: 0.9 },
  { secs: 0.7, length_ratio: 1 },
];

test('a mean counts only the rows that have the figure', () => {
  const average = mean(rows);
  expect(average.secs).toBeCloseTo(0.7, 12);
  expect(average.per).toBeCloseTo(0.45, 12);
  expect(average.cam).toBeUndefined();
});

test('the worst similarity is the lowest, the worst error the highest, the worst length the farthest from the source’s', () => {
  expect(worst(rows)).toEqual({ secs: 0.6, per: 0.5, length_ratio: 0.9 });
});

test('differences exist where both sides do', () => {
  expect(difference({ secs: 0.75, per: 0.5 }, { secs: 0.5 })).toEqual({ secs: 0.25 });
});

test('a shortfall is positive when worse, whichever direction is better', () => {
  expect(shortfall('secs', 0.98, 1)).toBeCloseTo(0.02, 12);
  expect(shortfall('per', 0.51, 0.5)).toBeCloseTo(0.02, 12);
  expect(shortfall('per', 0.49, 0.5)).toBeCloseTo(-0.02, 12);
  expect(shortfall('drop', 0.012, 0.009)).toBeCloseTo(0.003, 12);
});
