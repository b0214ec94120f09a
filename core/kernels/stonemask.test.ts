import { describe, expect, test } from 'bun:test';
import { builds, kernelsFor } from '../../tests/support/kernels.ts';
import { loadFixture } from '../../tests/support/mini-fixture.ts';
import { glide } from '../../tests/support/signals.ts';
import { StoneMask } from './stonemask.ts';

const rate = 16000;
const hop = 160;

for (const build of builds) {
  describe(`StoneMask, ${build} build`, () => {
    test('refines as WORLD does, to 1e-7 of the pitch', async () => {
      const fixture = await loadFixture('english');
      const samples = Float32Array.from(fixture.get('source'), (value) => value / 32767);
      const f0 = fixture.get('coarse_f0');
      new StoneMask(await kernelsFor(build), rate, hop).refine(samples, f0, 0, f0.length);
      const expected = fixture.get('f0');
      for (const [frame, hertz] of expected.entries()) {
        expect(Math.abs((f0[frame] ?? 0) - hertz)).toBeLessThanOrEqual(1e-7 * hertz);
      }
    });

    test('finds a gliding pitch from estimates 5 % away', async () => {
      const samples = glide(rate, rate);
      const exact = (frame: number) => 120 + (160 * frame * hop) / rate;
      const f0 = Float64Array.from({ length: 101 }, (_, frame) => 1.05 * exact(frame));
      new StoneMask(await kernelsFor(build), rate, hop).refine(samples, f0, 0, f0.length);
      for (let frame = 5; frame < 95; frame++) {
        expect(Math.abs((f0[frame] ?? 0) / exact(frame) - 1)).toBeLessThan(0.005);
      }
    });

    test('leaves unvoiced frames, silence and impossible estimates alone', async () => {
      const f0 = Float64Array.of(0, 100, 20, 5000);
      new StoneMask(await kernelsFor(build), rate, hop).refine(new Float32Array(400), f0, 0, 4);
      expect([...f0]).toEqual([0, 100, 20, 0]);
    });

    test('gives the same whether frames are refined together or one by one', async () => {
      const samples = glide(rate / 2, rate);
      const together = new Float64Array(51).fill(150);
      const apart = together.slice();
      const stoneMask = new StoneMask(await kernelsFor(build), rate, hop);
      stoneMask.refine(samples, together, 0, 51);
      for (let frame = 0; frame < 51; frame++) stoneMask.refine(samples, apart, frame, 1);
      expect(apart).toEqual(together);
    });
  });
}
