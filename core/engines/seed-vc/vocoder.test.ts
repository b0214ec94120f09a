import { expect, test } from 'bun:test';
import { createInferenceRuntime } from '../../../server/inference.ts';
import { narrowGraph } from '../../../tests/support/seed-vc-fixture.ts';
import { relativeError } from '../../../tests/support/signals.ts';
import { createNoise } from './noise.ts';
import { presets } from './presets.ts';
import { runGraph, tensor } from './tensors.ts';
import { createVocoder } from './vocoder.ts';

test('BigVGAN gives the same sound piece by piece as of the whole, and tells how far it is', async () => {
  const preset = presets['seed-vc-hifi'];
  const { bands, hop } = preset.mel;
  const frames = 700;
  const runtime = await createInferenceRuntime('auto', 1);
  const session = await runtime.createSession(await narrowGraph('hifi', 'vocoder'));
  const mel = createNoise(1)
    .normals(bands * frames)
    .map((value) => 2 * value - 5);
  const whole = await runGraph(session, { mel: tensor(mel, 1, bands, frames) }, 'audio');
  const fractions: number[] = [];
  const report = async (fraction: number) => void fractions.push(fraction);
  const sound = await createVocoder(session, preset)(mel, createNoise(1), report);
  expect(sound.length).toBe(frames * hop);
  expect(relativeError(sound, whole.data)).toBeLessThan(1e-5);
  expect(fractions.length).toBeGreaterThan(1);
  expect(fractions.at(-1)).toBe(1);
});
