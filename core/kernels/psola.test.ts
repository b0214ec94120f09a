import { describe, expect, test } from 'bun:test';
import { builds, kernelsFor } from '../../tests/support/kernels.ts';
import { loadFixture } from '../../tests/support/mini-fixture.ts';
import { glide, snrDecibels } from '../../tests/support/signals.ts';
import type { Kernels } from './module.ts';
import { OverlapAdder, PitchMarker } from './psola.ts';

const rate = 16000;
const hop = 160;

function marksOf(kernels: Kernels, samples: Float32Array, f0: Float64Array, block = samples.length) {
  const marker = new PitchMarker(kernels, samples, rate, { f0, hop });
  for (let end = block; end < samples.length + block; end += block) marker.advance(Math.min(end, samples.length));
  return marker.marks;
}

function shift(
  kernels: Kernels,
  samples: Float32Array,
  f0: Float64Array,
  ratios: Float64Array,
  block = samples.length,
) {
  const adder = new OverlapAdder(kernels, samples, rate, marksOf(kernels, samples, f0, block), ratios, hop);
  const out = new Float32Array(samples.length);
  for (let end = block; end < samples.length + block; end += block) adder.advance(Math.min(end, samples.length), out);
  return out;
}

for (const build of builds) {
  describe(`pitch-synchronous overlap-add, ${build} build`, () => {
    test('shifts pitch as the reference implementation, to the 16 bits that are kept of it', async () => {
      for (const name of ['english', 'vietnamese'] as const) {
        const fixture = await loadFixture(name);
        const samples = Float32Array.from(fixture.get('source'), (value) => value / 32767);
        const f0 = fixture.get('f0');
        const target = fixture.get('target_f0');
        const ratios = f0.map((hertz, frame) => (hertz > 0 ? (target[frame] ?? 0) / hertz : 1));
        const shifted = shift(await kernelsFor(build), samples, f0, ratios);
        const expected = fixture.get('psola').map((value) => value / 32767);
        expect(snrDecibels(shifted, expected)).toBeGreaterThan(75);
      }
    });

    test('puts one mark on each period of a steady tone, and every 5 ms where there is no pitch', async () => {
      const samples = Float32Array.from({ length: rate }, (_, i) => Math.sin((2 * Math.PI * i) / 100) ** 5);
      const kernels = await kernelsFor(build);
      const voiced = marksOf(kernels, samples, new Float64Array(101).fill(160));
      expect(voiced.count).toBeGreaterThan(155);
      for (let i = 1; i < voiced.count; i++) {
        expect((voiced.positions[i] ?? 0) - (voiced.positions[i - 1] ?? 0)).toBe(100);
      }
      const unvoiced = marksOf(kernels, samples, new Float64Array(101));
      expect([...unvoiced.positions].every((position, i) => position === 80 * i)).toBe(true);
    });

    test('leaves a steady tone as it is, and gives it half the period at twice the pitch', async () => {
      const tone = Float32Array.from({ length: rate }, (_, i) => Math.sin((2 * Math.PI * i) / 100) ** 5);
      const f0 = new Float64Array(101).fill(160);
      const kernels = await kernelsFor(build);
      const same = shift(kernels, tone, f0, new Float64Array(101).fill(1));
      expect(snrDecibels(same.subarray(500, 15500), tone.subarray(500, 15500))).toBeGreaterThan(60);
      const octave = shift(kernels, tone, f0, new Float64Array(101).fill(2));
      expect(snrDecibels(octave.subarray(500, 15000), octave.subarray(550, 15050))).toBeGreaterThan(60);
      expect(snrDecibels(octave.subarray(500, 15000), octave.subarray(525, 15025))).toBeLessThan(6);
    });

    test('gives the same to the last bit, however it is cut into blocks', async () => {
      const samples = glide(rate, rate);
      const f0 = Float64Array.from({ length: 101 }, (_, frame) => (frame % 30 < 20 ? 120 + 1.6 * frame : 0));
      const ratios = f0.map((_, frame) => 0.7 + 0.01 * frame);
      const kernels = await kernelsFor(build);
      const whole = shift(kernels, samples, f0, ratios);
      for (const block of [777, 4096]) expect(shift(kernels, samples, f0, ratios, block)).toEqual(whole);
    });

    test('survives signals of any length', async () => {
      const kernels = await kernelsFor(build);
      for (const length of [0, 1, 2, 100, 1000]) {
        const out = shift(
          kernels,
          glide(length, rate),
          new Float64Array(8).fill(100),
          new Float64Array(8).fill(1.5),
          64,
        );
        expect(out.length).toBe(length);
        expect(out.every(Number.isFinite)).toBe(true);
      }
    });
  });
}
