import { describe, expect, test } from 'bun:test';
import { builds, kernelsFor } from '../../tests/support/kernels.ts';
import { everyNth, loadFixture } from '../../tests/support/mini-fixture.ts';
import { glide, noise, relativeError } from '../../tests/support/signals.ts';
import { BANDS, bandWeights } from '../engines/mini/bands.ts';
import { CheapTrick } from './cheaptrick.ts';
import type { Kernels } from './module.ts';

const rate = 16000;
const hop = 160;

function analyse(kernels: Kernels, samples: Float32Array, f0: Float64Array, blockFrames = f0.length) {
  const out = { envelope: new Float32Array(f0.length * BANDS), power: new Float32Array(f0.length) };
  const cheapTrick = new CheapTrick(kernels, rate, hop, bandWeights());
  for (let first = 0; first < f0.length; first += blockFrames) {
    const end = Math.min(first + blockFrames, f0.length);
    cheapTrick.analyse(samples, f0, first, end - first, {
      envelope: out.envelope.subarray(first * BANDS, end * BANDS),
      power: out.power.subarray(first, end),
    });
  }
  cheapTrick.free();
  return out;
}

for (const build of builds) {
  describe(`CheapTrick, ${build} build`, () => {
    test('gives the bands of WORLD’s envelopes, to 1e-5 of their norm', async () => {
      const fixture = await loadFixture('english');
      const samples = Float32Array.from(fixture.get('source'), (value) => value / 32767);
      const { envelope } = analyse(await kernelsFor(build), samples, fixture.get('f0'));
      expect(relativeError(everyNth(envelope, BANDS, fixture.every), fixture.get('E'))).toBeLessThan(1e-5);
    });

    test('finds the level of white noise in every band', async () => {
      // Uniform noise has the variance 1/3; the window has unit energy, so that is its power in each bin.
      const { envelope, power } = analyse(await kernelsFor(build), noise(rate * 2), new Float64Array(201));
      const mean = power.reduce((sum, value) => sum + value, 0) / power.length;
      expect(mean).toBeGreaterThan(0.25);
      expect(mean).toBeLessThan(0.4);
      for (let band = 2; band < BANDS - 1; band++) {
        const values = everyNth(envelope.subarray(band), 1, BANDS);
        const level = values.reduce((sum, value) => sum + value, 0) / values.length;
        expect(Math.abs(level - Math.log(Math.sqrt(1 / 3)))).toBeLessThan(0.35);
      }
    });

    test('has a floor of −140 dB in silence and stays finite at any pitch', async () => {
      const f0 = Float64Array.of(0, 1, 40, 47.1, 100, 600, 1333, 8000, 1e9);
      const { envelope } = analyse(await kernelsFor(build), new Float32Array(1600), f0);
      for (const value of envelope) expect(value).toBeCloseTo(Math.log(1e-7), 3);
      const loud = analyse(await kernelsFor(build), noise(1600), f0);
      expect(loud.envelope.every(Number.isFinite)).toBe(true);
      expect(loud.power.every((value) => value > 0 && Number.isFinite(value))).toBe(true);
    });

    test('gives the same block by block, and beyond the ends of a short signal', async () => {
      const samples = glide(4000, rate);
      const f0 = new Float64Array(30).fill(140);
      const kernels = await kernelsFor(build);
      expect(analyse(kernels, samples, f0, 7)).toEqual(analyse(kernels, samples, f0));
      expect(analyse(kernels, samples, f0).envelope.every(Number.isFinite)).toBe(true);
    });
  });
}
