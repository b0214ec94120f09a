import { AffineMap } from '../../../kernels/matrix.ts';
import type { Kernels } from '../../../kernels/module.ts';
import { BANDS } from '../bands.ts';
import { blendInPlace } from '../blend.ts';
import { withFormantShift } from '../formant.ts';
import { type Network, normalisationBy, type VoiceFeeds, voiceFeeds } from '../network.ts';
import { contentSpace, Retrieval } from '../retrieval.ts';
import { EnvelopeRows } from '../rows.ts';
import { bandMoments, cepstralMoments, cepstrumMap, type Moments, matchingMap } from '../statistics.ts';
import { BASE_LIMIT, BLEND_LIMIT, NETWORK_LIMIT } from '../target.ts';
import type { Voice } from '../voice.ts';
import type { History } from './history.ts';
import { RunningMoments } from './running.ts';

/** Frames that the network sees at a time, an even number: 30 more make its envelopes 0.1 dB more like those of a whole recording. */
const NETWORK_FRAMES = 48;
/** Frames of them that are looked up in the voice and blended. */
const BLEND_FRAMES = 24;
/** Frames of the voice, in pairs, that the network attends to: 8 s. All 30 s of a long voice would take most of a block's time. */
const VOICE_PAIRS = 400;
/** Statistics are looked at anew when they stand on this share more frames, and after so many frames anyway. */
const GROWTH = 1.15;
const REFRESH_FRAMES = 100;

const quiet = async () => {};

/** Maps by running statistics. */
interface Maps {
  readonly base: AffineMap;
  readonly network: AffineMap;
  readonly final: AffineMap;
  /** How many frames they stand on. */
  readonly weight: number;
}

/**
 * The envelopes to take on, for the newest frames of a stream: as `targetEnvelope` for a whole recording, but with statistics of
 * what was heard so far. They begin with the voice's own: as if the speaker were the voice.
 */
export class StreamTarget {
  readonly #kernels: Kernels;
  readonly #network: Network;
  readonly #retrieval: Retrieval;
  readonly #feeds: VoiceFeeds;
  readonly #bands: Moments;
  readonly #cepstra: Moments;
  readonly #toCepstrum: AffineMap;
  #formant: number;
  #maps: Maps | undefined;
  #sinceRefresh = 0;
  #running: ReturnType<typeof beginStatistics>;

  constructor(kernels: Kernels, network: Network, voice: Voice, formant: number) {
    this.#kernels = kernels;
    this.#network = network;
    this.#bands = bandMoments(voice.analysis.envelope, voice.analysis.active);
    this.#feeds = voiceFeeds(voice.analysis, normalisationBy(this.#bands), voice.z, VOICE_PAIRS);
    this.#cepstra = cepstralMoments(kernels, voice.analysis.envelope, voice.analysis.active);
    this.#retrieval = new Retrieval(kernels, voice.analysis, contentSpace(voice.z, voice.analysis.f0.length));
    this.#toCepstrum = new AffineMap(kernels, cepstrumMap);
    this.#formant = formant;
    this.#running = beginStatistics(this.#bands, this.#cepstra);
  }

  setFormant(semitones: number): void {
    if (semitones === this.#formant) return;
    this.#formant = semitones;
    this.#sinceRefresh = REFRESH_FRAMES;
  }

  reset(): void {
    this.#running = beginStatistics(this.#bands, this.#cepstra);
    this.#freeMaps();
  }

  free(): void {
    this.#freeMaps();
    this.#retrieval.free();
    this.#toCepstrum.free();
  }

  /**
   * What is to be added to the envelopes of frames `first` … `end` − 1, [frames, BANDS] in nat. `targetPitch` [history.frames] in Hz;
   * `pitchLevel`: log of its median in the network's units. Each frame counts once for the statistics.
   */
  async change(
    history: History,
    first: number,
    end: number,
    targetPitch: Float64Array,
    pitchLevel: number,
  ): Promise<Float32Array> {
    const { frames } = history;
    const maps = this.#currentMaps();
    // Even, as frames are paired.
    const start = 2 * Math.ceil(Math.max(0, frames - NETWORK_FRAMES) / 2);
    const stretch = {
      envelope: history.envelope.slice(start * BANDS, frames * BANDS),
      targetPitch: targetPitch.subarray(start, frames),
      pitchLevel,
    };
    const { E, z } = await this.#network.convert(stretch, normalisationBy(this.#running.bands.moments()), this.#feeds);

    const from = Math.max(start, frames - BLEND_FRAMES);
    const count = frames - from;
    const columns = E.dims[2] as number;
    const seen = new Float32Array(count * BANDS);
    for (let row = 0; row < count; row++) {
      for (let band = 0; band < BANDS; band++) {
        const value = E.data[band * columns + from - start + row] as number;
        seen[row * BANDS + band] = value + (this.#bands.mean[band] as number);
      }
    }
    const f0 = history.f0.slice(from, frames);
    const content = contentSpace(z, frames - start).subarray((from - start) * (z.dims[1] as number));
    const retrieval = this.#retrieval;
    const units = retrieval.choose(content, f0);
    const source = {
      f0,
      envelope: EnvelopeRows.from(history.envelope.subarray(from * BANDS, frames * BANDS)),
      active: history.active.slice(from, frames),
    };
    const blend = EnvelopeRows.from(seen);
    const chosen = {
      read: (row: number, out: Float32Array) => retrieval.read(units.subarray(row * retrieval.near), out),
    };
    await blendInPlace(this.#kernels, source, blend, maps, chosen, quiet);

    const own = history.envelope.subarray(first * BANDS, end * BANDS);
    const target = blend.read(first - from, new Float32Array(own.length));
    const active = history.active.subarray(first, end);
    this.#learn(own, seen.subarray((first - from) * BANDS, (end - from) * BANDS), target, active);
    maps.final.apply(target, target);
    for (let i = 0; i < own.length; i++) target[i] = (target[i] as number) - (own[i] as number);
    return target;
  }

  #learn(own: Float32Array, seen: Float32Array, blend: Float32Array, active: Uint8Array): void {
    const { bands, source, network, blended } = this.#running;
    const cepstra = new Float32Array(own.length);
    addActive(bands, own, active);
    for (const [rows, moments] of [
      [own, source],
      [seen, network],
      [blend, blended],
    ] as const) {
      this.#toCepstrum.apply(rows, cepstra);
      addActive(moments, cepstra, active);
    }
    this.#sinceRefresh += active.length;
  }

  #currentMaps(): Maps {
    const { source, network, blended } = this.#running;
    const old = this.#maps;
    const isDue = !old || source.weight > old.weight * GROWTH + 1 || this.#sinceRefresh >= REFRESH_FRAMES;
    if (old && !isDue) return old;
    this.#freeMaps();
    this.#sinceRefresh = 0;
    const target = this.#cepstra;
    const heard = source.moments();
    const map = (from: Moments, limit: number) => matchingMap(from, target, limit);
    // The result is to have the level of what is spoken; the voice's shape alone is taken.
    const mean = target.mean.slice();
    mean[0] = heard.mean[0] as number;
    const final = matchingMap(blended.moments(), { mean, deviation: target.deviation }, BLEND_LIMIT);
    this.#maps = {
      base: new AffineMap(this.#kernels, map(heard, BASE_LIMIT)),
      network: new AffineMap(this.#kernels, map(network.moments(), NETWORK_LIMIT)),
      final: new AffineMap(this.#kernels, withFormantShift(final, this.#formant)),
      weight: source.weight,
    };
    return this.#maps;
  }

  #freeMaps(): void {
    for (const map of this.#maps ? [this.#maps.base, this.#maps.network, this.#maps.final] : []) map.free();
    this.#maps = undefined;
  }
}

/** Statistics of the source's bands, and of the cepstra of source, network and blend. */
function beginStatistics(bands: Moments, cepstra: Moments) {
  return {
    bands: new RunningMoments(bands, BANDS),
    source: new RunningMoments(cepstra, 1),
    network: new RunningMoments(cepstra, 0),
    blended: new RunningMoments(cepstra, 0),
  };
}

function addActive(moments: RunningMoments, rows: Float32Array, active: Uint8Array): void {
  for (const [row, flag] of active.entries()) if (flag === 1) moments.add(rows, row * BANDS);
}
