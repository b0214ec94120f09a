import { describe, expect, test } from 'bun:test';
import { builds, kernelsFor } from '../../tests/support/kernels.ts';
import { loadFixture } from '../../tests/support/mini-fixture.ts';
import { glide, noise, snrDecibels } from '../../tests/support/signals.ts';
import { BANDS, binPositions, HOP } from '../engines/mini/bands.ts';
import { TimeVaryingFilter } from './filter.ts';
import type { Kernels } from './module.ts';

function filter(
  kernels: Kernels,
  input: Float32Array,
  gain: (frame: number, band: number) => number,
  blockFrames = 1000,
): Float32Array {
  const samples = input.slice();
  const frames = Math.floor(samples.length / HOP) + 1;
  const filter = new TimeVaryingFilter(kernels, 512, HOP, BANDS, binPositions());
  for (let first = 0; first < frames; first += blockFrames) {
    const count = Math.min(blockFrames, frames - first);
    const gains = Float32Array.from({ length: count * BANDS }, (_, i) =>
      gain(first + Math.floor(i / BANDS), i % BANDS),
    );
    filter.process(samples, gains);
  }
  filter.finish(samples);
  filter.free();
  return samples;
}

for (const build of builds) {
  describe(`time-varying filter, ${build} build`, () => {
    test('filters as the reference implementation, 90 dB above the difference', async () => {
      const expected = (await loadFixture('filter')).get('filtered');
      const input = Float32Array.from(
        { length: expected.length },
        (_, i) => 0.4 * Math.sin(0.02 * i + 1e-6 * i * i) + 0.2 * Math.sin(1.3 * i),
      );
      const gain = (frame: number, band: number) => 2 * Math.sin(0.3 * frame) * Math.cos(0.1 * band);
      expect(snrDecibels(filter(await kernelsFor(build), input, gain), expected)).toBeGreaterThan(90);
    });

    test('gives the signal back where no gain is asked for', async () => {
      const input = noise(8000);
      expect(
        snrDecibels(
          filter(await kernelsFor(build), input, () => 0),
          input,
        ),
      ).toBeGreaterThan(110);
    });

    test('scales by a constant gain, up to its limits', async () => {
      const input = glide(8000, 16000);
      const kernels = await kernelsFor(build);
      for (const [asked, applied] of [
        [1, 1],
        [9, 3.5],
        [-9, -4.6],
      ] as const) {
        const expected = input.map((value) => value * Math.exp(applied));
        expect(
          snrDecibels(
            filter(kernels, input, () => asked),
            expected,
          ),
        ).toBeGreaterThan(90);
      }
    });

    test('gives the same however it is cut into blocks, and for signals of any length', async () => {
      const kernels = await kernelsFor(build);
      const gain = (frame: number, band: number) => Math.sin(frame + 0.1 * band);
      for (const length of [1, 159, 160, 700, 8000]) {
        const input = noise(length);
        const whole = filter(kernels, input, gain);
        expect(whole.every(Number.isFinite)).toBe(true);
        for (const block of [1, 3, 20]) expect(filter(kernels, input, gain, block)).toEqual(whole);
      }
    });
  });
}
