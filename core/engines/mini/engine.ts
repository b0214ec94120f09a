import type { Audio } from '../../audio/audio.ts';
import { InputError } from '../../errors.ts';
import type { Host } from '../../host.ts';
import type { InferenceSession } from '../../inference/runtime.ts';
import { AffineMap } from '../../kernels/matrix.ts';
import { type Kernels, loadKernels } from '../../kernels/module.ts';
import { createResampler, outputLength } from '../../kernels/resample.ts';
import type { VoiceProfile } from '../../voice/profile.ts';
import type { Control, ConvertOptions, Engine } from '../engine.ts';
import { createPace } from '../pace.ts';
import { FRAMES_PER_SECOND, SAMPLE_RATE } from './bands.ts';
import { type Analysis, EnvelopeAnalyser } from './envelope.ts';
import { withFormantShift } from './formant.ts';
import { highGains } from './high-band.ts';
import { Network, normalisation } from './network.ts';
import { assemble, levelLike, peakOf, resampled } from './output.ts';
import { PitchTracker, type Report } from './pitch.ts';
import { selectSpeech } from './reference.ts';
import { pitchRange, pitchRatios } from './statistics.ts';
import { targetEnvelope } from './target.ts';
import { ENGINE_ID, fromProfile, toFeatures } from './voice.ts';
import { EnvelopeChange, filterInPlace, shiftPitch } from './waveform.ts';

/** Speech that a voice needs at least. */
const LEAST_SPEECH_SECONDS = 1;
/** Fewer voiced frames than this (0.2 s) are no speech. */
const LEAST_VOICED_FRAMES = 20;

/** About how long each stage takes. */
const convertStages = {
  resample: 2,
  pitch: 40,
  envelope: 6,
  network: 38,
  blend: 4,
  waveform: 8,
  output: 2,
};
const profileStages = { resample: 2, pitch: 40, envelope: 6, network: 10 };

/** Loads the embedded engine: pitch network, encoder, decoder and the kernels. */
export async function createMini(host: Host): Promise<Engine> {
  const load = async (path: string) => host.runtime.createSession(await host.loadModel(path));
  const kernels = await loadKernels(host);
  const [pitch, encoder, decoder] = await Promise.all([
    load('swift-f0/network.onnx'),
    load('mini/encoder.onnx'),
    load('mini/decoder.onnx'),
  ]);
  return new Mini(kernels, pitch, encoder, decoder);
}

class Mini implements Engine {
  readonly id = ENGINE_ID;
  readonly #kernels: Kernels;
  readonly #sessions: readonly InferenceSession[];
  readonly #pitch: PitchTracker;
  readonly #envelopes: EnvelopeAnalyser;
  readonly #network: Network;

  constructor(kernels: Kernels, pitch: InferenceSession, encoder: InferenceSession, decoder: InferenceSession) {
    this.#kernels = kernels;
    this.#sessions = [pitch, encoder, decoder];
    this.#pitch = new PitchTracker(pitch, kernels);
    this.#envelopes = new EnvelopeAnalyser(kernels);
    this.#network = new Network(encoder, decoder);
  }

  async profile(references: readonly Audio[], control: Control = {}): Promise<VoiceProfile> {
    const pace = createPace(profileStages, control);
    const recordings: Float32Array[] = [];
    for (const [index, reference] of references.entries()) {
      checkFinite(reference);
      recordings.push(await this.#toOwnRate(reference, (done) => pace('resample', (index + done) / references.length)));
    }
    const speech = selectSpeech(recordings);
    if (peakOf(speech) === 0) throw new InputError('reference-no-speech');
    const analysis = await this.#analyse(
      speech,
      (done) => pace('pitch', done),
      (done) => pace('envelope', done),
    );
    const speechSeconds = countOf(analysis.active, (flag) => flag === 1) / FRAMES_PER_SECOND;
    if (countOf(analysis.f0, (hertz) => hertz > 0) < LEAST_VOICED_FRAMES) throw new InputError('reference-no-speech');
    if (speechSeconds < LEAST_SPEECH_SECONDS) {
      throw new InputError('reference-too-short', { seconds: speechSeconds, limit: LEAST_SPEECH_SECONDS });
    }
    const z = await this.#network.encode(analysis.envelope.toArray(), normalisation(analysis));
    await pace('network', 1);
    control.onProgress?.(1);
    return { speechSeconds, engines: { [ENGINE_ID]: toFeatures({ analysis, z }) } };
  }

  async convert(source: Audio, profile: VoiceProfile, options: ConvertOptions, control: Control = {}): Promise<Audio> {
    checkFinite(source);
    const voice = fromProfile(profile);
    const { outputRate } = options;
    const length = Math.round((source.samples.length / source.sampleRate) * outputRate);
    const pace = createPace(convertStages, control);
    const done = (samples: Float32Array): Audio => {
      control.onProgress?.(1);
      return { samples, sampleRate: outputRate };
    };
    await pace('resample', 0);
    if (options.strength === 0) return done(resampled(this.#kernels, source, outputRate, length));
    const samples = await this.#toOwnRate(source, (fraction) => pace('resample', fraction));
    if (peakOf(samples) === 0) return done(new Float32Array(length));

    const analysis = await this.#analyse(
      samples,
      (fraction) => pace('pitch', fraction),
      (fraction) => pace('envelope', fraction),
    );
    const ratios = pitchRatios(analysis.f0, pitchRange(voice.analysis.f0), options.pitch);
    const targetPitch = analysis.f0.map((hertz, frame) => hertz * (ratios[frame] as number));
    const target = await targetEnvelope(this.#kernels, this.#network, analysis, voice, targetPitch, {
      network: (fraction) => pace('network', fraction),
      blend: (fraction) => pace('blend', fraction),
    });
    const map = new AffineMap(this.#kernels, withFormantShift(target.map, options.formant));
    try {
      const change = new EnvelopeChange(analysis.envelope, target.rows, map, options.strength);
      const steps = ratios.map((ratio) => ratio ** options.strength);
      const converted = await shiftPitch(this.#kernels, samples, analysis.f0, steps, (fraction) =>
        pace('waveform', 0.5 * fraction),
      );
      await filterInPlace(this.#kernels, converted, change, (fraction) => pace('waveform', 0.5 + 0.5 * fraction));
      const level = levelLike(converted, samples);
      const output = { source, samples, converted, highGains: highGains(change, level), outputRate, length };
      return done(await assemble(this.#kernels, output, (fraction) => pace('output', fraction)));
    } finally {
      map.free();
    }
  }

  async dispose(): Promise<void> {
    this.#pitch.free();
    this.#envelopes.free();
    for (const session of this.#sessions) await session.release();
  }

  async #analyse(samples: Float32Array, reportPitch: Report, reportEnvelope: Report): Promise<Analysis> {
    const f0 = await this.#pitch.track(samples, reportPitch);
    return this.#envelopes.analyse(samples, f0, reportEnvelope);
  }

  /** The recording at 16 kHz; the very same samples where that is its rate. */
  async #toOwnRate({ samples, sampleRate }: Audio, report: Report): Promise<Float32Array> {
    if (sampleRate === SAMPLE_RATE) return samples;
    const resampler = createResampler(this.#kernels, sampleRate, SAMPLE_RATE);
    try {
      const out = new Float32Array(outputLength(samples.length, sampleRate, SAMPLE_RATE));
      const block = 4 * sampleRate;
      let filled = 0;
      for (let at = 0; at < samples.length; at += block) {
        const piece = resampler.push(samples.subarray(at, at + block));
        out.set(piece, filled);
        filled += piece.length;
        await report(at / samples.length);
      }
      out.set(resampler.flush(), filled);
      return out;
    } finally {
      resampler.dispose();
    }
  }
}

function checkFinite({ samples }: Audio): void {
  for (let i = 0; i < samples.length; i++) {
    if (!Number.isFinite(samples[i])) throw new InputError('audio-not-finite', { sample: i });
  }
}

function countOf(values: Uint8Array | Float64Array, holds: (value: number) => boolean): number {
  let count = 0;
  for (const value of values) if (holds(value)) count++;
  return count;
}
