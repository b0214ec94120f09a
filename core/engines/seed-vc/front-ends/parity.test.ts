import { describe, expect, test } from 'bun:test';
import { builds, kernelsFor } from '../../../../tests/support/kernels.ts';
import { loadGolden } from '../../../../tests/support/seed-vc-fixture.ts';
import { presets } from '../presets.ts';
import { VocoderMel } from './mel.ts';
import { RmvpeMel } from './rmvpe.ts';
import { WhisperMel } from './whisper.ts';
import { standardised } from './xlsr.ts';

const golden = await loadGolden('frontends');

/** The largest difference over the golden columns; ours may have more of them. */
function farthest(actual: Float32Array, name: string): number {
  const { dims, data } = golden.get(name);
  const [rows = 1, columns = 0] = dims.length === 1 ? [1, dims[0]] : dims;
  const stride = actual.length / rows;
  let most = 0;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const difference = Math.abs((actual[row * stride + column] ?? Number.NaN) - (data[row * columns + column] ?? 0));
      if (!(difference <= most)) most = difference;
    }
  }
  return most;
}

for (const build of builds) {
  describe(`front ends against PyTorch, librosa and transformers, ${build}`, async () => {
    const kernels = await kernelsFor(build);

    for (const [id, samples, name] of [
      ['seed-vc-fast', 'samples22', 'mel22_8000'],
      ['seed-vc-base', 'samples22', 'mel22'],
      ['seed-vc-hifi', 'samples44', 'mel44'],
    ] as const) {
      test(`mel of ${id}`, () => {
        const mel = new VocoderMel(kernels, presets[id].mel).compute(golden.get(samples).data);
        expect(mel.length).toBe(golden.get(name).data.length);
        expect(farthest(mel, name)).toBeLessThan(1e-3);
      });
    }

    test("Whisper's log-mel", () => {
      const mel = new WhisperMel(kernels).compute(golden.get('samples16').data);
      expect(mel.length).toBe(80 * 3000);
      expect(farthest(mel, 'whisper')).toBeLessThan(1e-3);
    });

    test("RMVPE's mel, filled up with zeros", () => {
      const mel = new RmvpeMel(kernels).compute(golden.get('samples16').data);
      expect(mel.length).toBe(128 * 128);
      expect(farthest(mel, 'rmvpe')).toBeLessThan(1e-3);
      for (let band = 0; band < 128; band++)
        expect(mel.slice(128 * band + 121, 128 * (band + 1)).every((v) => v === 0)).toBe(true);
    });
  });
}

test("XLS-R's samples", () => {
  expect(farthest(standardised(golden.get('samples16').data), 'xlsr')).toBeLessThan(1e-3);
});

test('a recording shorter than its padding is mirrored again and again', async () => {
  const mel = new VocoderMel(await kernelsFor('simd'), presets['seed-vc-fast'].mel);
  expect(mel.compute(new Float32Array(255)).length).toBe(0);
  const loud = mel.compute(Float32Array.from({ length: 300 }, (_, i) => Math.sin(i)));
  expect(loud.length).toBe(80);
  expect(loud.every(Number.isFinite)).toBe(true);
});
