import type { Audio } from '../../audio/audio.ts';
import { checkFinite } from '../../audio/checks.ts';
import { findSpeech } from '../../audio/segments.ts';
import { InputError } from '../../errors.ts';
import type { Host } from '../../host.ts';
import { type Kernels, loadKernels } from '../../kernels/module.ts';
import { resample } from '../../kernels/resample.ts';
import { Loaded } from '../../loaded.ts';
import type { VoiceProfile } from '../../voice/profile.ts';
import { SpeakerNetwork } from '../../voice/speaker-network.ts';
import { evaluationsOf } from '../effort.ts';
import type { Control, ConvertOptions, Engine } from '../engine.ts';
import { createPace } from '../pace.ts';
import { loadGraphs } from './models.ts';
import { Pipeline, type TwoRates } from './pipeline.ts';
import { LISTENING_RATE, MOST_REFERENCE_SECONDS, type Preset, type PresetId, presets } from './presets.ts';
import { seedVcSettings } from './settings.ts';
import { joined } from './tensors.ts';
import { fromProfile, toFeatures } from './voice.ts';

/** Speech that a voice needs at least. */
const LEAST_SPEECH_SECONDS = 1;
/** Shorter sources are filled up with silence: the networks need some frames. */
const LEAST_SOURCE_SECONDS = 0.1;
/** Peak that a result is limited to. */
const LIMIT = 0.98;

/** About how long each stage takes; the drawing is weighed by its steps. */
const listeningStages = { resample: 1, content: 25, pitch: 5, regulator: 2 };
const stepWeight = 15;
const vocoderWeight = 60;

/** Loads one of the three Seed-VC models. Throws as `loadGraphs`. */
export async function createSeedVc(id: PresetId, host: Host): Promise<Engine> {
  const preset = presets[id];
  const kernels = await loadKernels(host);
  const { graphs, bytes } = await loadGraphs(preset, host, kernels);
  const pipeline = new Pipeline(preset, graphs, kernels);
  // Only making a voice needs it.
  const speakers = new Loaded(() => SpeakerNetwork.load(host));
  return new SeedVc(preset, kernels, pipeline, speakers, bytes);
}

class SeedVc implements Engine {
  readonly id: string;
  readonly modelBytes: number;
  readonly #preset: Preset;
  readonly #kernels: Kernels;
  readonly #pipeline: Pipeline;
  readonly #speakers: Loaded<SpeakerNetwork>;

  constructor(
    preset: Preset,
    kernels: Kernels,
    pipeline: Pipeline,
    speakers: Loaded<SpeakerNetwork>,
    modelBytes: number,
  ) {
    this.id = preset.id;
    this.modelBytes = modelBytes;
    this.#preset = preset;
    this.#kernels = kernels;
    this.#pipeline = pipeline;
    this.#speakers = speakers;
  }

  async profile(references: readonly Audio[], control: Control = {}): Promise<VoiceProfile> {
    const pace = createPace({ ...listeningStages, style: 2 }, control);
    const { sampleRate } = this.#preset.mel;
    const parts: Float32Array[] = [];
    for (const { samples, sampleRate: from } of references) {
      checkFinite(samples);
      parts.push(resample(this.#kernels, samples.subarray(0, MOST_REFERENCE_SECONDS * from), from, sampleRate));
      await pace('resample', parts.length / references.length);
    }
    const reference = this.#atBothRates(joined(parts).subarray(0, MOST_REFERENCE_SECONDS * sampleRate));
    const speechSeconds = secondsOfSpeech(reference.listening);
    if (speechSeconds === 0) throw new InputError('reference-no-speech');
    if (speechSeconds < LEAST_SPEECH_SECONDS) {
      throw new InputError('reference-too-short', { seconds: speechSeconds, limit: LEAST_SPEECH_SECONDS });
    }
    const style = await (await this.#speakers.get()).embed(reference.listening);
    await pace('style', 1);
    const voice = await this.#pipeline.describe(reference, style, pace);
    control.onProgress?.(1);
    return { speechSeconds, engines: { [this.id]: toFeatures(voice, this.#preset) } };
  }

  async convert(source: Audio, profile: VoiceProfile, options: ConvertOptions, control: Control = {}): Promise<Audio> {
    checkFinite(source.samples);
    const choices = seedVcSettings(options, this.#preset);
    const voice = fromProfile(profile, this.#preset);
    const { lengthAdjust } = choices;
    const diffusion = stepWeight * evaluationsOf(choices);
    const pace = createPace({ ...listeningStages, diffusion, vocoder: vocoderWeight }, control);
    const { outputRate, strength, seed } = options;
    const wanted = (source.samples.length / source.sampleRate) * outputRate * (strength === 0 ? 1 : lengthAdjust);
    const result = new Float32Array(Math.round(wanted));
    const finish = (samples?: Float32Array): Audio => {
      if (samples) result.set(samples.subarray(0, result.length));
      control.onProgress?.(1);
      return { samples: result, sampleRate: outputRate };
    };
    await pace('resample', 0);
    if (source.samples.every((sample) => sample === 0)) return finish();
    if (strength === 0) return finish(resample(this.#kernels, source.samples, source.sampleRate, outputRate));

    const heard = this.#heard(source);
    await pace('resample', 1);
    const condition = await this.#pipeline.listen(heard, voice, choices, pace);
    if (condition.dims[1] !== voice.condition.dims[1]) {
      throw new InputError('voice-corrupt', { engine: this.id, feature: 'condition' });
    }
    const drawn: Float32Array[] = [];
    for await (const piece of this.#pipeline.draw(condition, voice, { ...choices, seed }, pace)) drawn.push(piece);
    const sound = resample(this.#kernels, joined(drawn), this.#preset.mel.sampleRate, outputRate);
    return finish(limited(sound));
  }

  async dispose(): Promise<void> {
    await (await this.#speakers.take())?.dispose();
    await this.#pipeline.dispose();
  }

  /** A source at both rates, long enough for every network. */
  #heard({ samples, sampleRate }: Audio): TwoRates {
    const filled = new Float32Array(Math.max(samples.length, Math.ceil(LEAST_SOURCE_SECONDS * sampleRate)));
    filled.set(samples);
    return this.#atBothRates(resample(this.#kernels, filled, sampleRate, this.#preset.mel.sampleRate));
  }

  #atBothRates(own: Float32Array): TwoRates {
    return { own, listening: resample(this.#kernels, own, this.#preset.mel.sampleRate, LISTENING_RATE) };
  }
}

function secondsOfSpeech(samples: Float32Array): number {
  const spans = findSpeech({ samples, sampleRate: LISTENING_RATE });
  return spans.reduce((sum, { start, end }) => sum + end - start, 0) / LISTENING_RATE;
}

/** The sound, made quieter as a whole where a peak exceeds the limit. */
function limited(samples: Float32Array): Float32Array {
  let peak = 0;
  for (let i = 0; i < samples.length; i++) peak = Math.max(peak, Math.abs(samples[i] as number));
  return peak > LIMIT ? samples.map((sample) => (sample * LIMIT) / peak) : samples;
}
