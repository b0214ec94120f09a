import { describe, expect, test } from 'bun:test';
import { divide } from './division.ts';

const host = (id: string, cores: number, works = true) => ({ id, name: id, works, cores });
const counts = (total: number, hosts: Parameters<typeof divide>[1]) =>
  Object.fromEntries(divide(total, hosts).map(({ id, workers }) => [id, workers]));

describe('dealing out workers', () => {
  test('goes by cores', () => {
    expect(counts(12, [host('a', 2), host('b', 4), host('c', 6)])).toEqual({ a: 2, b: 4, c: 6 });
    expect(counts(6, [host('a', 2), host('b', 4), host('c', 6)])).toEqual({ a: 1, b: 2, c: 3 });
  });

  test('gives each host one as long as there are some', () => {
    expect(counts(3, [host('a', 1), host('b', 64), host('c', 1)])).toEqual({ a: 1, b: 1, c: 1 });
    expect(counts(2, [host('a', 1), host('b', 64), host('c', 1)])).toEqual({ a: 1, b: 1, c: 0 });
  });

  test('is always the whole, and the same for every order of the list', () => {
    const hosts = [host('a', 3), host('b', 5), host('c', 7), host('d', 7)];
    for (let total = 1; total <= 64; total++) {
      const shares = counts(total, hosts);
      expect(Object.values(shares).reduce((sum, workers) => sum + workers, 0)).toBe(total);
      expect(counts(total, hosts.toReversed())).toEqual(shares);
    }
  });

  test('passes those over that do not work', () => {
    expect(counts(4, [host('a', 8, false), host('b', 2)])).toEqual({ b: 4 });
    expect(counts(4, [])).toEqual({});
  });
});
