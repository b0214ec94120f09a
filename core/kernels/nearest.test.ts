import { describe, expect, test } from 'bun:test';
import { builds, kernelsFor } from '../../tests/support/kernels.ts';
import { noise } from '../../tests/support/signals.ts';
import { NearestSearch, type Points } from './nearest.ts';

function points(count: number, dimensions: number, seed: number): Points {
  return {
    dimensions,
    rows: noise(count * dimensions, seed),
    kinds: Uint8Array.from(noise(count, seed + 1), (value) => (value > 0 ? 1 : 0)),
  };
}

/** Squared distances of one query, with the penalty, written out. */
function distancesOf(query: number, queries: Points, among: Points, penalty: number): number[] {
  const { dimensions } = among;
  return Array.from(among.kinds, (kind, point) => {
    let sum = kind === queries.kinds[query] ? 0 : penalty;
    for (let i = 0; i < dimensions; i++) {
      sum += ((queries.rows[query * dimensions + i] ?? 0) - (among.rows[point * dimensions + i] ?? 0)) ** 2;
    }
    return sum;
  });
}

for (const build of builds) {
  describe(`nearest-neighbour search, ${build} build`, () => {
    for (const [count, kept] of [
      [5, 24],
      [24, 24],
      [301, 24],
      [1000, 7],
    ] as const) {
      test(`finds the ${kept} nearest of ${count}, nearest first`, async () => {
        const [among, queries] = [points(count, 48, 1), points(70, 48, 9)];
        const search = new NearestSearch(await kernelsFor(build), among, kept);
        expect(search.kept).toBe(Math.min(kept, count));
        search.setPenalty(4);
        const found = search.nearest(queries);
        search.free();
        for (let query = 0; query < 70; query++) {
          const all = distancesOf(query, queries, among, 4);
          const sorted = all.toSorted((a, b) => a - b);
          for (let k = 0; k < search.kept; k++) {
            const at = query * search.kept + k;
            expect(found.distances[at]).toBeCloseTo(sorted[k] ?? Number.NaN, 4);
            expect(all[found.indices[at] ?? -1]).toBeCloseTo(sorted[k] ?? Number.NaN, 4);
          }
          expect(new Set(found.indices.subarray(query * search.kept, (query + 1) * search.kept)).size).toBe(
            search.kept,
          );
        }
      });
    }

    test('knows the median of all distances within 0.1 %', async () => {
      const [among, queries] = [points(333, 20, 3), points(129, 20, 5)];
      const search = new NearestSearch(await kernelsFor(build), among, 24);
      const all = Array.from(queries.kinds, (_, query) => distancesOf(query, queries, among, 0)).flat();
      const exact = all.toSorted((a, b) => a - b)[Math.floor(all.length / 2)] ?? Number.NaN;
      expect(Math.abs(search.medianDistance(queries) / exact - 1)).toBeLessThan(1e-3);
    });
  });
}
