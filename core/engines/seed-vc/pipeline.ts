import type { Kernels } from '../../kernels/module.ts';
import type { SeedVcChoices } from './choices.ts';
import { ChunkJoin, chunksOf, OVERLAP_FRAMES } from './chunks.ts';
import { ContentEncoder, Whisper, Xlsr } from './content.ts';
import { createEstimator } from './estimator.ts';
import { VocoderMel } from './front-ends/mel.ts';
import type { Graphs } from './models.ts';
import { createNoise } from './noise.ts';
import { changedPitch } from './pitch.ts';
import { RmvpeTracker } from './pitch-tracker.ts';
import type { Preset } from './presets.ts';
import { regulate } from './regulator.ts';
import { type Estimator, sampleMel } from './sampler.ts';
import { joined, type Values } from './tensors.ts';
import { createVocoder, type Vocoder } from './vocoder.ts';
import type { Voice } from './voice.ts';

/** A recording at the two rates that the model hears. */
export interface TwoRates {
  /** At the model's own rate. */
  readonly own: Float32Array;
  /** At 16 kHz. */
  readonly listening: Float32Array;
}

/** Reports that a stage has come to `fraction`; throws to stop. */
export type StageReport<Stage extends string> = (stage: Stage, fraction: number) => Promise<void>;
export type ListeningStage = 'content' | 'pitch' | 'regulator';
export type DrawingStage = 'diffusion' | 'vocoder';

/** The model from samples to samples, without checks of what it is given. */
export class Pipeline {
  readonly #preset: Preset;
  readonly #graphs: Graphs;
  readonly #mel: VocoderMel;
  readonly #content: ContentEncoder;
  readonly #pitch: RmvpeTracker | undefined;
  readonly #estimate: Estimator;
  readonly #vocode: Vocoder;

  constructor(preset: Preset, graphs: Graphs, kernels: Kernels) {
    this.#preset = preset;
    this.#graphs = graphs;
    this.#mel = new VocoderMel(kernels, preset.mel);
    const { features, encoder } = graphs;
    this.#content = new ContentEncoder(features ? new Xlsr(features, encoder) : new Whisper(encoder, kernels));
    this.#pitch = graphs.pitch && new RmvpeTracker(graphs.pitch, kernels);
    this.#estimate = createEstimator(graphs.estimator, preset.mel.bands);
    this.#vocode = createVocoder(graphs.vocoder, preset);
  }

  /** What is kept of a reference. `style`: its speaker embedding. */
  async describe(reference: TwoRates, style: Float32Array, report: StageReport<ListeningStage>): Promise<Voice> {
    const content = await this.#content.encode(reference.listening, (done) => report('content', done));
    const pitch = await this.#pitch?.track(reference.listening, (done) => report('pitch', done));
    const mel = this.#mel.compute(reference.own);
    const frames = mel.length / this.#preset.mel.bands;
    const condition = await regulate(this.#graphs.regulator, content, frames, pitch);
    await report('regulator', 1);
    return { mel, condition, style, pitch };
  }

  /** What the source says, as conditioning of the frames to come. */
  async listen(
    source: TwoRates,
    voice: Voice,
    choices: SeedVcChoices,
    report: StageReport<ListeningStage>,
  ): Promise<Values> {
    const content = await this.#content.encode(source.listening, (done) => report('content', done));
    const heard = await this.#pitch?.track(source.listening, (done) => report('pitch', done));
    const pitch = heard && voice.pitch && changedPitch(heard, voice.pitch, choices);
    const melFrames = Math.floor(source.own.length / this.#preset.mel.hop);
    const frames = Math.max(1, Math.floor(melFrames * choices.lengthAdjust));
    const condition = await regulate(this.#graphs.regulator, content, frames, pitch);
    await report('regulator', 1);
    return condition;
  }

  /** The sound of the conditioning in the voice, piece by piece, hop · frames samples in all. */
  async *draw(
    condition: Values,
    voice: Voice,
    { diffusionSteps, inferenceCfgRate, guidanceEvery, seed }: SeedVcChoices & { readonly seed: number },
    report: StageReport<DrawingStage>,
  ): AsyncGenerator<Float32Array> {
    const { bands, hop } = this.#preset.mel;
    const [frames = 0, width = 0] = condition.dims;
    const promptFrames = voice.mel.length / bands;
    const noise = createNoise(seed);
    const chunks = chunksOf(frames, promptFrames);
    const join = new ChunkJoin(OVERLAP_FRAMES * hop);
    for (const [index, { start, end }] of chunks.entries()) {
      const share = (fraction: number) => (index + fraction) / chunks.length;
      const chunkCondition = joined([voice.condition.data, condition.data.subarray(start * width, end * width)]);
      const mel = await sampleMel(
        this.#estimate,
        { prompt: voice.mel, style: voice.style, condition: chunkCondition },
        end - start,
        {
          bands,
          steps: diffusionSteps,
          guidance: inferenceCfgRate,
          guidanceEvery,
          noise,
          onStep: (done) => report('diffusion', share(done / diffusionSteps)),
        },
      );
      const sound = await this.#vocode(mel, noise, (done) => report('vocoder', share(done)));
      yield join.push(sound, end === frames);
    }
  }

  /** Frees front ends and graphs. */
  async dispose(): Promise<void> {
    this.#mel.dispose();
    this.#content.free();
    this.#pitch?.free();
    for (const session of Object.values(this.#graphs)) await session?.release();
  }
}
