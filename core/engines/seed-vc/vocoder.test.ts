import { expect, test } from 'bun:test';
import { createInferenceRuntime } from '../../../server/inference.ts';
import { narrowGraph } from '../../../tests/support/seed-vc-fixture.ts';
import { relativeError } from '../../../tests/support/signals.ts';
import { createNoise } from './noise.ts';
import { presets } from './presets.ts';
import { runGraph, tensor } from './tensors.ts';
import { createVocoder } from './vocoder.ts';

const open = async (preset: string) =>
  (await createInferenceRuntime('auto', 1)).createSession(await narrowGraph(preset, 'vocoder'));
const someMel = (bands: number, frames: number) =>
  createNoise(1)
    .normals(bands * frames)
    .map((value) => 2 * value - 5);

test('BigVGAN gives the same sound piece by piece as of the whole, and tells how far it is', async () => {
  const preset = presets['seed-vc-hifi'];
  const { bands, hop } = preset.mel;
  const frames = 700;
  const session = await open('hifi');
  const mel = someMel(bands, frames);
  const whole = await runGraph(session, { mel: tensor(mel, 1, bands, frames) }, 'audio');
  const fractions: number[] = [];
  const report = async (fraction: number) => void fractions.push(fraction);
  const sound = await createVocoder(session, preset)(mel, createNoise(1), report);
  expect(sound.length).toBe(frames * hop);
  expect(relativeError(sound, whole.data)).toBeLessThan(1e-5);
  expect(fractions.length).toBeGreaterThan(1);
  expect(fractions.at(-1)).toBe(1);
});

test('HiFT does too: its harmonics go on where they were', async () => {
  const preset = presets['seed-vc-fast'];
  const { bands, hop } = preset.mel;
  const frames = 700;
  const session = await open('fast');
  const mel = someMel(bands, frames);
  const phase = Float32Array.from({ length: 9 }, (_, harmonic) => harmonic / 2);
  const noise = createNoise(2).normals(9 * frames * hop);
  const given = {
    mel: tensor(mel, 1, bands, frames),
    phase: tensor(phase, 1, 9, 1),
    noise: tensor(noise, 1, 9, frames * hop),
    anchor: { dims: [1], data: BigInt64Array.of(0n) },
  };
  const whole = await runGraph(session, given, 'audio');
  let harmonic = 1;
  const chance = { uniform: () => ((phase[harmonic++] ?? 0) / Math.PI + 1) / 2, normals: () => noise.slice() };
  const sound = await createVocoder(session, preset)(mel, chance, async () => {});
  expect(relativeError(sound, whole.data)).toBeLessThan(1e-3);
});
