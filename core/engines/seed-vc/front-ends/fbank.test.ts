import { describe, expect, test } from 'bun:test';
import { loadCampplusFixture } from '../../../../tests/support/campplus-fixture.ts';
import { builds, kernelsFor } from '../../../../tests/support/kernels.ts';
import { readSample } from '../../../../tests/support/samples.ts';
import { noise, unpack } from '../../../../tests/support/signals.ts';
import { createFbank } from './fbank.ts';

const golden = await loadCampplusFixture();

const largestDifference = (actual: Float32Array, expected: Float32Array): number => {
  expect(actual.length).toBe(expected.length);
  return actual.reduce((most, value, i) => Math.max(most, Math.abs(value - (expected[i] ?? Number.NaN))), 0);
};

for (const build of builds) {
  describe(`Kaldi's filter bank, ${build}`, async () => {
    const fbank = createFbank(await kernelsFor(build));

    test.each(Object.keys(golden.speech))('agrees with kaldi-native-fbank on %s within 1e-3', async (name) => {
      const { samples, sampleRate } = await readSample(`voices/${name}`);
      const expected = golden.speech[name];
      if (!expected) throw new Error(name);
      const { data, frames, bands } = fbank(samples);
      expect([sampleRate, frames, bands]).toEqual([16_000, expected.frames, 80]);
      const some = data.filter((_, i) => Math.floor(i / bands) % golden.every === 0);
      expect(largestDifference(some, unpack(expected.features))).toBeLessThan(1e-3);
    });

    test('agrees on silence, an offset, a whisper and full scale', () => {
      const { data } = fbank(unpack(golden.edges.samples));
      expect(largestDifference(data, unpack(golden.edges.features))).toBeLessThan(1e-3);
    });

    test('takes whole frames only, and gives none of what is shorter than one', () => {
      expect([399, 400, 559, 560].map((length) => fbank(noise(length)).frames)).toEqual([0, 1, 1, 2]);
    });

    test('how loud a recording is makes no difference', () => {
      const samples = noise(8000).map((value) => value / 2);
      const quieter = samples.map((value) => value / 8);
      expect(largestDifference(fbank(quieter).data, fbank(samples).data)).toBeLessThan(1e-3);
    });
  });
}
