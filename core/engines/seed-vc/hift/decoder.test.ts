import { describe, expect, test } from 'bun:test';
import { createInferenceRuntime } from '../../../../server/inference.ts';
import { builds, kernelsFor } from '../../../../tests/support/kernels.ts';
import { loadGolden, narrowFile } from '../../../../tests/support/seed-vc-fixture.ts';
import { relativeError } from '../../../../tests/support/signals.ts';
import { readSafetensors } from '../../../inference/safetensors.ts';
import type { Kernels } from '../../../kernels/module.ts';
import { createNoise } from '../noise.ts';
import { presets } from '../presets.ts';
import { createVocoder } from '../vocoder.ts';
import { HiftDecoder } from './decoder.ts';

/** On the narrow variant, whose channels are not as many as the kernels group, and whose weights are seeded noise. */

const preset = presets['seed-vc-fast'];
const { bands, hop } = preset.mel;
const quiet = async () => {};
const weights = readSafetensors(await narrowFile('fast', 'vocoder.safetensors'));
const decoderOn = (kernels: Kernels) => new HiftDecoder(kernels, weights);
const melOf = (frames: number) =>
  createNoise(2)
    .normals(bands * frames)
    .map((value) => 2 * value - 5);

for (const build of builds) {
  test(`gives the sound that PyTorch gives, ${build} build`, async () => {
    const golden = await loadGolden('fast/golden');
    const [phase, noise] = [golden.get('phase').data, golden.get('noise').data];
    const decoder = decoderOn(await kernelsFor(build));
    const sound = await decoder.decode(golden.get('vocoder_mel').data, bands, { phase, noise }, quiet);
    expect(relativeError(sound, golden.get('audio').data)).toBeLessThan(1e-4);
  });
}

describe('in pieces', async () => {
  const kernels = await kernelsFor('simd');
  const decoder = decoderOn(kernels);
  const vocode = createVocoder(decoder, preset);

  test('gives what the graph gives of the whole, however long', async () => {
    const runtime = await createInferenceRuntime('auto', 1);
    const graph = createVocoder(await runtime.createSession(await narrowFile('fast', 'vocoder.onnx')), preset);
    for (const frames of [1, 2, 64, 65, 300]) {
      const sound = await vocode(melOf(frames), createNoise(3), quiet);
      expect(sound.length).toBe(frames * hop);
      expect(sound.every((sample) => Math.abs(sample) <= 0.9901)).toBe(true);
      expect(relativeError(sound, await graph(melOf(frames), createNoise(3), quiet))).toBeLessThan(1e-4);
    }
  });

  test('tells how far it is, stops when that throws, and leaves its memory as it was', async () => {
    const seen: number[] = [];
    const whole = await vocode(melOf(150), createNoise(3), async (done) => void seen.push(done));
    expect(seen.length).toBeGreaterThan(20);
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
    expect(seen.at(-1)).toBe(1);
    const memory = kernels.memoryBytes;
    for (const end of seen.filter((_, i) => i % 7 === 2)) {
      const stop = async (done: number) => {
        if (done >= end) throw new Error('stopped');
      };
      await expect(vocode(melOf(150), createNoise(3), stop)).rejects.toThrow('stopped');
    }
    expect(await vocode(melOf(150), createNoise(3), quiet)).toEqual(whole);
    expect(kernels.memoryBytes).toBe(memory);
  });

  test('gives all its memory back', async () => {
    const own = await kernelsFor('simd');
    await decoderOn(own).release();
    const memory = own.memoryBytes;
    await decoderOn(own).release();
    expect(own.memoryBytes).toBe(memory);
  });
});
