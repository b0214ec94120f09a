import type { Audio } from '../../audio/audio.ts';
import { checkFinite } from '../../audio/checks.ts';
import { SampleSink } from '../../audio/mono.ts';
import { collectSound, type Sound, soundOf } from '../../audio/sound.ts';
import { InputError } from '../../errors.ts';
import type { Host } from '../../host.ts';
import type { InferenceSession } from '../../inference/runtime.ts';
import { AffineMap } from '../../kernels/matrix.ts';
import { type Kernels, loadKernels } from '../../kernels/module.ts';
import { createResampler, outputLength } from '../../kernels/resample.ts';
import type { VoiceProfile } from '../../voice/profile.ts';
import type { Control, ConvertOptions, Engine, StreamOptions, VoiceStream } from '../engine.ts';
import { createPace } from '../pace.ts';
import { FRAMES_PER_SECOND, SAMPLE_RATE } from './bands.ts';
import { type Analysis, EnvelopeAnalyser } from './envelope.ts';
import { withFormantShift } from './formant.ts';
import { highGains } from './high-band.ts';
import { Network, normalisation } from './network.ts';
import { assembled, levelTo, limitInPlace, meanSquare, peakOf, resampledSound, silence } from './output.ts';
import { PitchTracker, type Report } from './pitch.ts';
import { selectSpeech } from './reference.ts';
import { pitchRange, pitchRatios } from './statistics.ts';
import { MiniStream } from './stream/stream.ts';
import { targetEnvelope } from './target.ts';
import { ENGINE_ID, fromProfile, toFeatures } from './voice.ts';
import { EnvelopeChange, filterInPlace, shiftPitchInPlace } from './waveform.ts';

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
  return new Mini(kernels, pitch, encoder, decoder, () => host.releaseMemory?.());
}

class Mini implements Engine {
  readonly id = ENGINE_ID;
  readonly #kernels: Kernels;
  readonly #releaseMemory: () => void;
  readonly #sessions: readonly InferenceSession[];
  readonly #pitch: PitchTracker;
  readonly #envelopes: EnvelopeAnalyser;
  readonly #network: Network;

  constructor(
    kernels: Kernels,
    pitch: InferenceSession,
    encoder: InferenceSession,
    decoder: InferenceSession,
    releaseMemory: () => void,
  ) {
    this.#releaseMemory = releaseMemory;
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
      checkFinite(reference.samples);
      recordings.push(
        await this.#toOwnRate(soundOf(reference), (done) => pace('resample', (index + done) / references.length)),
      );
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
    checkFinite(source.samples);
    const report = (fraction: number) => fraction < 1 && control.onProgress?.(fraction);
    const sound = await this.convertSound(soundOf(source), profile, options, { ...control, onProgress: report });
    const { samples, sampleRate } = await collectSound(sound);
    if (options.strength > 0) limitInPlace(samples);
    control.onProgress?.(1);
    return { samples, sampleRate };
  }

  async convertSound(
    source: Sound,
    profile: VoiceProfile,
    options: ConvertOptions,
    control: Control = {},
  ): Promise<Sound> {
    const voice = fromProfile(profile);
    const pace = createPace(convertStages, control);
    const done = (sound: Sound): Sound => {
      control.onProgress?.(1);
      return sound;
    };
    await pace('resample', 0);
    const { outputRate } = options;
    const samples = await this.#toOwnRate(source, (fraction) => pace('resample', fraction));
    const length = Math.round((source.length / source.sampleRate) * outputRate);
    if (options.strength === 0) return done(resampledSound(this.#kernels, source, outputRate, length));
    if (peakOf(samples) === 0) return done(silence(outputRate, length));

    const power = meanSquare(samples);
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
      releaseMemory: this.#releaseMemory,
    });
    const map = new AffineMap(this.#kernels, withFormantShift(target.map, options.formant));
    try {
      const change = new EnvelopeChange(analysis.envelope, target.rows, map, options.strength);
      const steps = ratios.map((ratio) => ratio ** options.strength);
      await shiftPitchInPlace(this.#kernels, samples, analysis.f0, steps, (fraction) =>
        pace('waveform', 0.5 * fraction),
      );
      await filterInPlace(this.#kernels, samples, change, (fraction) => pace('waveform', 0.5 + 0.5 * fraction));
      const gains = highGains(change, levelTo(samples, power));
      return done(assembled(this.#kernels, { source, converted: samples, highGains: gains, outputRate, length }));
    } finally {
      map.free();
    }
  }

  openStream(profile: VoiceProfile, options: StreamOptions, sampleRate: number): VoiceStream {
    const parts = { kernels: this.#kernels, pitch: this.#pitch, network: this.#network };
    return new MiniStream(parts, fromProfile(profile), options, sampleRate);
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

  /** The recording at 16 kHz, in memory of its own. */
  async #toOwnRate(source: Sound, report: Report): Promise<Float32Array> {
    const { sampleRate } = source;
    const resampler = createResampler(this.#kernels, sampleRate, SAMPLE_RATE);
    // Room for what a header promised too little, lest the whole be copied.
    const expected = source.length;
    const sink = new SampleSink(outputLength(expected + sampleRate, sampleRate, SAMPLE_RATE));
    let read = 0;
    try {
      for await (const piece of source.pieces()) {
        sink.append(resampler.push(piece));
        read += piece.length;
        await report(Math.min(1, read / Math.max(expected, read)));
      }
      sink.append(resampler.flush());
      return sink.take();
    } finally {
      resampler.dispose();
    }
  }
}

function countOf(values: Uint8Array | Float64Array, holds: (value: number) => boolean): number {
  let count = 0;
  for (const value of values) if (holds(value)) count++;
  return count;
}
