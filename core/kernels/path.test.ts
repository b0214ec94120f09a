import { describe, expect, test } from 'bun:test';
import { builds, kernelsFor } from '../../tests/support/kernels.ts';
import { noise } from '../../tests/support/signals.ts';
import type { Neighbours } from './nearest.ts';
import { UnitSelection } from './path.ts';

const units = 40;
const dimensions = 19;
const frames = 620;
const kept = 6;
const features = noise(units * dimensions, 1);
const candidates: Neighbours = {
  indices: Int32Array.from(noise(frames * kept, 3), (value) => Math.floor(((value + 1) / 2) * units)),
  distances: noise(frames * kept, 4).map(Math.abs),
};

function apart(a: number, b: number): number {
  let sum = 0;
  for (let i = 0; i < dimensions; i++) {
    sum += ((features[a * dimensions + i] ?? 0) - (features[b * dimensions + i] ?? 0)) ** 2;
  }
  return Math.sqrt(sum);
}

function candidate(frame: number, k: number): number {
  return candidates.indices[frame * kept + k] ?? 0;
}

/** Cheapest costs and predecessors, written out. */
function viterbi(jumpWeight: number) {
  let costs = Array.from({ length: kept }, (_, k) => candidates.distances[k] ?? 0);
  const back = [new Array<number>(kept).fill(0)];
  for (let frame = 1; frame < frames; frame++) {
    const choices = Array.from({ length: kept }, (_, to) => {
      const totals = costs.map(
        (cost, from) =>
          cost + jumpWeight * apart(Math.min(candidate(frame - 1, from) + 1, units - 1), candidate(frame, to)),
      );
      const least = Math.min(...totals);
      return { from: totals.indexOf(least), cost: least + (candidates.distances[frame * kept + to] ?? 0) };
    });
    back.push(choices.map(({ from }) => from));
    costs = choices.map(({ cost }) => cost);
  }
  return { costs, back: back.flat() };
}

for (const build of builds) {
  describe(`unit selection, ${build} build`, () => {
    const selection = async () => new UnitSelection(await kernelsFor(build), features, dimensions, kept);

    test('finds the cheapest way, also beyond the frames of one block', async () => {
      const expected = viterbi(0.7);
      const costs = Float64Array.from(candidates.distances.subarray(0, kept));
      expect([...(await selection()).bestPredecessors(candidates, 0.7, costs)]).toEqual(expected.back);
      for (const [k, cost] of costs.entries()) expect(cost).toBeCloseTo(expected.costs[k] ?? Number.NaN, 3);
    });

    test('chooses the candidates that are nearest to path and frame', async () => {
      const path = Uint8Array.from({ length: frames }, (_, frame) => (frame * 5) % kept);
      const [near, weight] = [4, 0.3];
      const chosen = (await selection()).nearestToPath(candidates, path, near, weight);
      for (let frame = 0; frame < frames; frame++) {
        const onPath = candidate(frame, path[frame] ?? 0);
        const nearest = Array.from({ length: kept }, (_, k) => ({
          unit: candidate(frame, k),
          cost: (candidates.distances[frame * kept + k] ?? 0) + weight * apart(candidate(frame, k), onPath),
        })).toSorted((a, b) => a.cost - b.cost);
        const units = [...chosen.subarray(frame * near, (frame + 1) * near)];
        expect(units).toEqual(nearest.slice(0, near).map(({ unit }) => unit));
      }
    });

    test('chooses no more than there are', async () => {
      expect((await selection()).nearestToPath(candidates, new Uint8Array(frames), 99, 1).length).toBe(frames * kept);
    });
  });
}
