import type { Audio } from '../audio/audio.ts';
import { checkAudio } from '../audio/checks.ts';
import { openAudio } from '../audio/decode.ts';
import { type AudioLimits, defaultLimits } from '../audio/limits.ts';
import { SampleSink } from '../audio/mono.ts';
import { findSpeech } from '../audio/segments.ts';
import { type Sound, soundOf } from '../audio/sound.ts';
import type { Control } from '../engines/engine.ts';
import { FBANK_RATE } from '../engines/seed-vc/front-ends/fbank.ts';
import { InputError, throwIfCancelled, UnavailableError } from '../errors.ts';
import type { Host } from '../host.ts';
import { type Kernels, loadKernels } from '../kernels/module.ts';
import { createResampler } from '../kernels/resample.ts';
import { Loaded } from '../loaded.ts';
import { createModelStore } from '../models/store.ts';
import type { Recording } from '../recording.ts';
import { SpeakerNetwork } from './speaker-network.ts';

/** Where a speaker stands among all: a unit vector of 192 numbers. */
export type SpeakerEmbedding = Float32Array;

/** How far a recording agrees with others of the same speaker. */
export interface Agreement {
  readonly index: number;
  readonly similarity: number;
}

/** Tells whose voice a recording is. */
export interface SpeakerEncoder {
  /**
   * The speaker of a recording, by its speech within the first two minutes, of which 12 seconds are enough.
   * Throws `InputError` as `decodeAudio` does, `reference-no-speech`, `reference-too-short` (less than 1 s of speech);
   * `UnavailableError('model-missing' | 'model-corrupt')`, `CancelledError`.
   */
  embed(recording: Recording, control?: Pick<Control, 'signal'>): Promise<SpeakerEmbedding>;
  dispose(): Promise<void>;
}

/** Of a longer recording no more is decoded, in seconds. */
const MOST_HEARD_SECONDS = 120;
/** Speech beyond this changes the embedding little, and costs as much as a conversion, in seconds. */
const MOST_SPEECH_SECONDS = 12;
const LEAST_SPEECH_SECONDS = 1;
/** Pauses of this length are cut out, in seconds; shorter ones belong to speech. */
const PAUSE_SECONDS = 0.3;

/** Makes the encoder of a host. Network and kernels load on first use and stay until `dispose`; a failed load is forgotten. */
export function createSpeakerEncoder(host: Host, limits: AudioLimits = defaultLimits): SpeakerEncoder {
  const models = createModelStore(host);
  const kernels = new Loaded(() => loadKernels(host));
  const network = new Loaded(() => SpeakerNetwork.load({ ...host, loadModel: (path) => models.load(path) }));
  return {
    async embed(recording, { signal } = {}) {
      const heard = await hear(await soundIn(recording, limits), await kernels.get(), signal);
      const speech = speechIn(heard);
      throwIfCancelled(signal);
      return unit(await (await network.get()).embed(speech));
    },
    dispose: async () => (await network.take())?.dispose(),
  };
}

/** Cosine of two speakers, −1..1: 1 is the very same, about 0 strangers. */
export function similarityOf(a: SpeakerEmbedding, b: SpeakerEmbedding): number {
  const cosine = a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);
  return Math.max(-1, Math.min(1, cosine));
}

/**
 * What `work` finds, or undefined where whose voice it is cannot be told: too little speech, or no network on this host. Throws what
 * else fails, such as files that are out of reach, and `CancelledError`.
 */
export async function whereTold<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof InputError) return undefined;
    if (error instanceof UnavailableError && error.code.startsWith('model-')) return undefined;
    throw error;
  }
}

/** How similar the least similar of several recordings is to the others, and which it is; undefined for fewer than two. */
export function leastSimilar(speakers: readonly SpeakerEmbedding[]): Agreement | undefined {
  if (speakers.length < 2) return undefined;
  return speakers
    .map((speaker, index) => ({
      index,
      similarity: similarityOf(speaker, meanSpeaker(speakers.filter((_, other) => other !== index))),
    }))
    .reduce((least, each) => (each.similarity < least.similarity ? each : least));
}

/** The middle of one speaker's embeddings, at least one. */
export function meanSpeaker(embeddings: readonly SpeakerEmbedding[]): SpeakerEmbedding {
  const [first = new Float32Array(0)] = embeddings;
  return unit(first.map((_, i) => embeddings.reduce((sum, embedding) => sum + (embedding[i] ?? 0), 0)));
}

function unit(vector: Float32Array): Float32Array {
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
}

async function soundIn(recording: Recording, limits: AudioLimits): Promise<Sound> {
  if (!('samples' in recording)) return openAudio(recording, { limits });
  checkAudio(recording, limits);
  return soundOf(recording);
}

/** The beginning of a sound at the network's rate. */
async function hear(sound: Sound, kernels: Kernels, signal: Control['signal']): Promise<Audio> {
  const resampler = createResampler(kernels, sound.sampleRate, FBANK_RATE);
  const sink = new SampleSink();
  try {
    for await (const piece of sound.pieces()) {
      throwIfCancelled(signal);
      sink.append(resampler.push(piece));
      if (sink.length >= MOST_HEARD_SECONDS * FBANK_RATE) break;
    }
    sink.append(resampler.flush());
    return { samples: sink.take(), sampleRate: FBANK_RATE };
  } finally {
    resampler.dispose();
  }
}

/** The first speech of a recording, without pauses. */
function speechIn(audio: Audio): Float32Array {
  const sink = new SampleSink();
  const most = MOST_SPEECH_SECONDS * audio.sampleRate;
  for (const { start, end } of findSpeech(audio, { minPauseSeconds: PAUSE_SECONDS })) {
    sink.append(audio.samples.subarray(start, Math.min(end, start + most - sink.length)));
  }
  const seconds = sink.length / audio.sampleRate;
  if (seconds === 0) throw new InputError('reference-no-speech');
  if (seconds < LEAST_SPEECH_SECONDS) {
    throw new InputError('reference-too-short', { seconds, limit: LEAST_SPEECH_SECONDS });
  }
  return sink.take();
}
