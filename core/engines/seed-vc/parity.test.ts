import { describe, expect, test } from 'bun:test';
import { createInferenceRuntime } from '../../../server/inference.ts';
import { kernelsFor } from '../../../tests/support/kernels.ts';
import { type Golden, loadGolden, narrowGraph } from '../../../tests/support/seed-vc-fixture.ts';
import { relativeError } from '../../../tests/support/signals.ts';
import { ContentEncoder, Whisper, Xlsr } from './content.ts';
import { createEstimator } from './estimator.ts';
import { VocoderMel } from './front-ends/mel.ts';
import type { Noise } from './noise.ts';
import { changedPitch } from './pitch.ts';
import { RmvpeTracker } from './pitch-tracker.ts';
import { presets } from './presets.ts';
import { binsAt, regulate } from './regulator.ts';
import { sampleMel } from './sampler.ts';
import { columns, nearestIndices } from './tensors.ts';
import { createVocoder } from './vocoder.ts';

/**
 * Every stage against the official classes in PyTorch, on narrow variants of the three models with seeded weights
 * (models/export). Each stage works on the golden output of the one before it, the sampler on its own.
 */

const quiet = async () => {};
const runtimes = await Promise.all(
  (['wasm', 'native'] as const).map((name) => createInferenceRuntime(name, 1).catch(() => undefined)),
);
const kernels = await kernelsFor('simd');

/** The noise, and the phases of HiFT's overtones, that the golden run was given. */
function given(golden: Golden, ...values: Float32Array[]): Noise {
  let harmonic = 1;
  return {
    uniform: () => ((golden.get('phase').data[harmonic++] ?? 0) / Math.PI + 1) / 2,
    normals(count) {
      const next = values.shift();
      if (next?.length !== count) throw new Error(`${count} values wanted, ${next?.length} golden`);
      return Float32Array.from(next);
    },
  };
}

for (const runtime of runtimes.filter((each) => each !== undefined)) {
  for (const [name, preset] of [
    ['fast', presets['seed-vc-fast']],
    ['base', presets['seed-vc-base']],
    ['hifi', presets['seed-vc-hifi']],
  ] as const) {
    describe(`${preset.id} against PyTorch, ${runtime.name}`, async () => {
      const golden = await loadGolden(`${name}/golden`);
      const open = async (component: string) => runtime.createSession(await narrowGraph(name, component));
      const { bands } = preset.mel;
      const expectClose = (actual: Float32Array, array: string, bound = 1e-3) =>
        expect(relativeError(actual, golden.get(array).data)).toBeLessThan(bound);

      /** Columns of a golden array of all frames, from where the prompt ends. */
      const afterPrompt = (array: string) => {
        const { data, dims } = golden.get(array);
        return columns(data, bands, golden.get('reference_mel').data.length / bands, dims[1] ?? 0);
      };

      test('mel of the reference', () => {
        expectClose(new VocoderMel(kernels, preset.mel).compute(golden.get('reference').data), 'reference_mel');
      });

      test('content', async () => {
        const session = await open('encoder');
        const isXlsr = preset.content === 'xlsr';
        const network = isXlsr ? new Xlsr(await open('features'), session) : new Whisper(session, kernels);
        const encoder = new ContentEncoder(network);
        for (const recording of ['source', 'reference']) {
          const { dims, data } = await encoder.encode(golden.get(`${recording}16`).data, quiet);
          expect(dims).toEqual([...golden.get(`${recording}_content`).dims]);
          expectClose(data, `${recording}_content`);
        }
      });

      test('regulated content', async () => {
        const regulator = await open('regulator');
        for (const recording of ['source', 'reference']) {
          const frames = golden.get(`${recording}_index`).data.length;
          const pitchName = recording === 'source' ? 'source_pitch_shifted' : 'reference_pitch';
          const pitch = preset.isPitched ? golden.get(pitchName).data : undefined;
          const content = golden.get(`${recording}_content`);
          const indices = nearestIndices(content.dims[0] ?? 0, frames);
          expect(Array.from(indices, Number)).toEqual([...golden.get(`${recording}_index`).data]);
          const { data } = await regulate(regulator, content, frames, pitch);
          expectClose(data, `${recording}_condition`);
        }
      });

      test('velocity of both branches', async () => {
        const session = await open('estimator');
        const state = afterPrompt('z');
        const prompt = golden.get('reference_mel').data;
        const condition = conditionOf(golden);
        const style = golden.get('style').data;
        const empty = (values: Float32Array) => new Float32Array(values.length);
        const inputs = [
          { state, prompt, style, condition, time: 0 },
          { state, prompt: empty(prompt), style: empty(style), condition: empty(condition), time: 0 },
        ];
        const [conditional, unconditional] = await createEstimator(session, bands)(inputs);
        for (const [velocity, array] of [
          [conditional, 'velocity_conditional'],
          [unconditional, 'velocity_unconditional'],
        ] as const) {
          expect(relativeError(velocity ?? new Float32Array(0), afterPrompt(array))).toBeLessThan(1e-3);
        }
      });

      test('the sampled mel, with guidance and without', async () => {
        const estimate = createEstimator(await open('estimator'), bands);
        const conditions = {
          prompt: golden.get('reference_mel').data,
          style: golden.get('style').data,
          condition: conditionOf(golden),
        };
        const { steps, cfg } = golden.facts;
        const noise = afterPrompt('z');
        const frames = noise.length / bands;
        for (const [guidance, array] of [
          [cfg, 'mel'],
          [0, 'mel_without_guidance'],
        ] as const) {
          const options = { bands, steps, guidance, guidanceEvery: 1, noise: given(golden, noise), onStep: quiet };
          expectClose(await sampleMel(estimate, conditions, frames, options), array, 1e-2);
        }
      });

      test('sound', async () => {
        const vocode = createVocoder(await open('vocoder'), preset);
        const noise = preset.vocoder === 'hift' ? given(golden, golden.get('noise').data) : given(golden);
        expectClose(await vocode(golden.get('vocoder_mel').data, noise, quiet), 'audio');
      });

      if (preset.isPitched) {
        test('pitch: heard, moved to the voice, and as classes', async () => {
          const tracker = new RmvpeTracker(await open('pitch'), kernels);
          for (const recording of ['source', 'reference']) {
            const pitch = await tracker.track(golden.get(`${recording}16`).data, quiet);
            expectClose(pitch, `${recording}_pitch`);
          }
          const { autoF0Adjust, semitones } = golden.facts;
          const change = { autoF0Adjust, semitoneShift: semitones };
          const [source, reference] = [golden.get('source_pitch').data, golden.get('reference_pitch').data];
          const shifted = changedPitch(source, reference, change);
          expectClose(shifted, 'source_pitch_shifted', 1e-5);
          for (const [pitch, array] of [
            [shifted, 'source_bins'],
            [reference, 'reference_bins'],
          ] as const) {
            const bins = binsAt(pitch, golden.get(array).data.length);
            expect(Array.from(bins, Number)).toEqual([...golden.get(array).data]);
          }
        });
      }
    });
  }
}

function conditionOf(golden: Golden): Float32Array {
  return Float32Array.from([...golden.get('reference_condition').data, ...golden.get('source_condition').data]);
}
