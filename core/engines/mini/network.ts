import type { InferenceSession, Tensor } from '../../inference/runtime.ts';
import { BANDS } from './bands.ts';
import type { Analysis } from './envelope.ts';
import { bandMoments, type Moments, median } from './statistics.ts';

/** Channels of the content z. */
export const CHANNELS = 48;
/** Frames of 10 ms in one of z. */
const STRIDE = 2;
/** Added to the deviation of each band before frames are divided by it. */
const DEVIATION_FLOOR = 0.1;
/** Pitch that counts as 0 in the network's log pitch, and the lowest it is told, Hz. */
const PITCH_ORIGIN = 150;
const LOWEST_PITCH = 50;
/** The voice's mean spectrum is told without its level, and this much smaller. */
const MEAN_SCALE = 0.7;

/** Mean and deviation of each band over active frames, by which envelopes are normalised. */
export function normalisation({ envelope, active }: Analysis): Moments {
  return normalisationBy(bandMoments(envelope, active));
}

/** The same from moments of the bands. */
export function normalisationBy({ mean, deviation }: Moments): Moments {
  return { mean, deviation: deviation.map((value) => value + DEVIATION_FLOOR) };
}

/** What the decoder is told of the voice. */
export type VoiceFeeds = Readonly<Record<'zr' | 'Er' | 'mask' | 'stats', Tensor>>;

/** A stretch of the source as the network sees it. */
export interface Stretch {
  /** [frames, BANDS] in nat. */
  readonly envelope: Float32Array;
  /** [frames] in Hz, 0 where unvoiced. */
  readonly targetPitch: Float64Array;
  /** Log of the median target pitch of the whole source, see `pitchLevel`. */
  readonly pitchLevel: number;
}

/** What the network makes of a stretch. */
export interface NetworkOutput {
  /** E less the voice's mean, before statistics; [1, BANDS, frames made even]. */
  readonly E: Tensor;
  /** Content; [1, CHANNELS, ⌈frames/2⌉]. */
  readonly z: Tensor;
}

/** The engine's two graphs: encoder (envelope → content z, 50 Hz) and decoder (z, prosody and voice → envelope). */
export class Network {
  readonly #encoder: InferenceSession;
  readonly #decoder: InferenceSession;

  constructor(encoder: InferenceSession, decoder: InferenceSession) {
    this.#encoder = encoder;
    this.#decoder = decoder;
  }

  /** Content z, [1, CHANNELS, ⌈frames/2⌉], of envelopes [frames, BANDS]. */
  async encode(envelope: Float32Array, moments: Moments): Promise<Tensor> {
    return this.#encode(normalised(envelope, moments));
  }

  /** `moments`: the whole source's, see `normalisation`. */
  async convert(stretch: Stretch, moments: Moments, voice: VoiceFeeds): Promise<NetworkOutput> {
    const x = normalised(stretch.envelope, moments);
    const z = await this.#encode(x);
    const prosody = prosodyOf(stretch, moments);
    return { E: output(await this.#decoder.run({ x, z, prosody, ...voice }), 'E'), z };
  }

  async #encode(x: Tensor): Promise<Tensor> {
    return output(await this.#encoder.run({ x }), 'z');
  }
}

function output(outputs: Record<string, Tensor>, name: string): Tensor {
  const tensor = outputs[name];
  if (!tensor) throw new Error(`the network has no output "${name}"`);
  return tensor;
}

/** What the decoder is told of a voice with content `z` (as `encode` gives it): of all its pairs of frames, or the first `mostPairs`. */
export function voiceFeeds(
  voice: Analysis,
  moments: Moments,
  z: Tensor,
  mostPairs = Number.POSITIVE_INFINITY,
): VoiceFeeds {
  const pairs = Math.min(mostPairs, Math.floor(voice.f0.length / STRIDE));
  const envelope = voice.envelope.toArray();
  const Er = new Float32Array(BANDS * pairs);
  const mask = new Float32Array(pairs);
  const zr = new Float32Array(CHANNELS * pairs);
  const columns = z.dims[2] ?? 0;
  for (let channel = 0; channel < CHANNELS; channel++) {
    zr.set((z.data as Float32Array).subarray(channel * columns, channel * columns + pairs), channel * pairs);
  }
  for (let pair = 0; pair < pairs; pair++) {
    mask[pair] = (voice.active[2 * pair] as number) * (voice.active[2 * pair + 1] as number);
    for (let band = 0; band < BANDS; band++) {
      const at = 2 * pair * BANDS + band;
      const mean = ((envelope[at] as number) + (envelope[at + BANDS] as number)) / 2;
      Er[band * pairs + pair] = mean - (moments.mean[band] as number);
    }
  }
  const level = meanOf(moments.mean);
  const stats = new Float32Array(2 * BANDS);
  stats.set(moments.mean.map((value) => (value - level) * MEAN_SCALE));
  stats.set(
    moments.deviation.map((value) => value - 1),
    BANDS,
  );
  return {
    zr: { dims: [1, CHANNELS, pairs], data: zr },
    Er: { dims: [1, BANDS, pairs], data: Er },
    mask: { dims: [1, pairs], data: mask },
    stats: { dims: [1, 2 * BANDS], data: stats },
  };
}

/** Log of the median of the voiced frames' pitch, in the network's units. */
export function pitchLevel(pitch: Float64Array): number {
  const voiced = pitch.filter((hertz) => hertz > 0);
  return voiced.length > 0 ? levelOfPitch(median(voiced)) : 0;
}

/** Log of a pitch in Hz, in the network's units. */
export function levelOfPitch(hertz: number): number {
  return Math.log(hertz / PITCH_ORIGIN);
}

/** [1, BANDS, frames made even by repeating the last]: mean 0 and deviation 1 in each band. */
function normalised(envelope: Float32Array, { mean, deviation }: Moments): Tensor {
  const frames = envelope.length / BANDS;
  const columns = frames + (frames % STRIDE);
  const data = new Float32Array(BANDS * columns);
  for (let frame = 0; frame < columns; frame++) {
    const row = Math.min(frame, frames - 1) * BANDS;
    for (let band = 0; band < BANDS; band++) {
      data[band * columns + frame] =
        ((envelope[row + band] as number) - (mean[band] as number)) / (deviation[band] as number);
    }
  }
  return { dims: [1, BANDS, columns], data };
}

/** [1, 4, frames made even]: level, voicing, log pitch and its median over the whole source. */
function prosodyOf({ envelope, targetPitch, pitchLevel }: Stretch, { mean }: Moments): Tensor {
  const frames = targetPitch.length;
  const columns = frames + (frames % STRIDE);
  const meanLevel = meanOf(mean);
  const data = new Float32Array(4 * columns);
  for (let frame = 0; frame < columns; frame++) {
    const row = Math.min(frame, frames - 1) * BANDS;
    let level = 0;
    for (let band = 0; band < BANDS; band++) level += envelope[row + band] as number;
    const hertz = targetPitch[frame] ?? 0;
    data[frame] = level / BANDS - meanLevel;
    data[columns + frame] = hertz > 0 ? 1 : 0;
    data[2 * columns + frame] = hertz > 0 ? Math.log(Math.max(hertz, LOWEST_PITCH) / PITCH_ORIGIN) : 0;
    data[3 * columns + frame] = pitchLevel;
  }
  return { dims: [1, 4, columns], data };
}

function meanOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
