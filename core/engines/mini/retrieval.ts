import type { Tensor } from '../../inference/runtime.ts';
import { AffineMap } from '../../kernels/matrix.ts';
import type { Kernels } from '../../kernels/module.ts';
import { NearestSearch, type Neighbours, type Points } from '../../kernels/nearest.ts';
import { UnitSelection } from '../../kernels/path.ts';
import { BANDS } from './bands.ts';
import type { Analysis } from './envelope.ts';
import { CHANNELS } from './network.ts';
import { cepstrumMap, median } from './statistics.ts';

/** Candidates of each source frame, and how many of them are averaged. */
const CANDIDATES = 24;
const NEAR = 4;
/** Weights of a jump along the path and of the distance from the path, in units of the median candidate's distance. */
const CONCATENATION = 1.5;
const FROM_PATH = 0.5;
/** A candidate of other voicing is farther by this share of the median distance. */
const VOICING_PENALTY = 0.6;
/** Cepstral coefficients 1 … 19 say how well one frame follows another. */
const FIRST_COEFFICIENT = 1;
const COEFFICIENTS = 19;
/** Medians are taken over as many evenly spaced source frames at most. */
const SAMPLED_FRAMES = 1000;

/**
 * Where frames are compared: content z [1, CHANNELS, columns] as rows of `frames` frames (each column twice), smoothed over
 * three frames, scaled to unit length.
 */
export function contentSpace({ data, dims }: Tensor, frames: number): Float32Array {
  const [, , columns = 0] = dims;
  const scale = 1 / Math.sqrt(CHANNELS);
  const out = new Float32Array(frames * CHANNELS);
  for (let frame = 0; frame < frames; frame++) {
    const [before, here, after] = [Math.max(frame - 1, 0) >> 1, frame >> 1, Math.min(frame + 1, frames - 1) >> 1];
    for (let i = 0; i < CHANNELS; i++) {
      const row = i * columns;
      const sides = (data[row + before] as number) + (data[row + after] as number);
      out[frame * CHANNELS + i] = (0.25 * sides + 0.5 * (data[row + here] as number)) * scale;
    }
  }
  return out;
}

/**
 * Finds for each source frame the voice's own frames of like content: the 24 nearest active ones, the way through them that
 * jumps least (Viterbi), and the four nearest to that way.
 */
export class Retrieval {
  /** Units chosen for each frame. */
  readonly near: number;
  readonly #search: NearestSearch;
  readonly #selection: UnitSelection;
  /** Median distance from one unit to the next. */
  readonly #step: number;
  /** Level-free envelopes of the units, [units, BANDS]. */
  readonly #values: Float32Array;

  /** `content`: see `contentSpace`. */
  constructor(kernels: Kernels, voice: Analysis, content: Float32Array) {
    const frames = [...voice.active.keys()].filter((frame) => voice.active[frame] === 1);
    const envelope = gather(voice.envelope.toArray(), BANDS, frames);
    const features = featuresOf(kernels, envelope);
    const kinds = voicing(voice.f0);
    const points = {
      dimensions: CHANNELS,
      rows: gather(content, CHANNELS, frames),
      kinds: Uint8Array.from(frames, (frame) => kinds[frame] as number),
    };
    this.#step = medianStep(features);
    this.#search = new NearestSearch(kernels, points, CANDIDATES);
    this.near = Math.min(NEAR, this.#search.kept);
    this.#selection = new UnitSelection(kernels, features, COEFFICIENTS, this.#search.kept);
    this.#values = withoutLevel(envelope);
  }

  /** The units [frames, near] for a stretch of the source with this `content` and pitch. */
  choose(content: Float32Array, f0: Float64Array): Uint16Array {
    const queries: Points = { dimensions: CHANNELS, rows: content, kinds: voicing(f0) };
    const search = this.#search;
    const { kept } = search;
    search.setPenalty(VOICING_PENALTY * search.medianDistance(sampled(queries, SAMPLED_FRAMES)));
    const candidates = search.nearest(queries);
    const scale = median(someRows(candidates.distances, kept, SAMPLED_FRAMES)) / (this.#step || 1);
    const path = this.#bestPath(candidates, kept, CONCATENATION * scale);
    return this.#selection.nearestToPath(candidates, path, this.near, FROM_PATH * scale);
  }

  /** Mean of the level-free envelopes of `units` [frames, near], for as many frames as `out` [frames, BANDS] takes. */
  read(units: Uint16Array, out: Float32Array): void {
    const { near } = this;
    out.fill(0);
    for (let row = 0; row * BANDS < out.length; row++) {
      for (let n = 0; n < near; n++) {
        const unit = (units[row * near + n] as number) * BANDS;
        for (let band = 0; band < BANDS; band++) {
          const at = row * BANDS + band;
          out[at] = (out[at] as number) + (this.#values[unit + band] as number) / near;
        }
      }
    }
  }

  free(): void {
    this.#search.free();
    this.#selection.free();
  }

  /** Which candidate is on the cheapest path, [frames]. */
  #bestPath(candidates: Neighbours, kept: number, jumpWeight: number): Uint8Array {
    const frames = candidates.distances.length / kept;
    const costs = Float64Array.from(candidates.distances.subarray(0, kept));
    const back = this.#selection.bestPredecessors(candidates, jumpWeight, costs);
    const path = new Uint8Array(frames);
    let at = costs.indexOf(Math.min(...costs));
    for (let frame = frames - 1; frame >= 0; frame--) {
      path[frame] = at;
      at = back[frame * kept + at] as number;
    }
    return path;
  }
}

/** Cepstral coefficients by which units are joined, [units, COEFFICIENTS]. */
function featuresOf(kernels: Kernels, envelope: Float32Array): Float32Array {
  const cepstra = new Float32Array(envelope.length);
  const map = new AffineMap(kernels, cepstrumMap);
  map.apply(envelope, cepstra);
  map.free();
  const units = envelope.length / BANDS;
  const features = new Float32Array(units * COEFFICIENTS);
  for (let unit = 0; unit < units; unit++) {
    const begin = unit * BANDS + FIRST_COEFFICIENT;
    features.set(cepstra.subarray(begin, begin + COEFFICIENTS), unit * COEFFICIENTS);
  }
  return features;
}

function voicing(f0: Float64Array): Uint8Array {
  return Uint8Array.from(f0, (hertz) => (hertz > 0 ? 1 : 0));
}

function gather(rows: Float32Array, width: number, indices: readonly number[]): Float32Array {
  const out = new Float32Array(indices.length * width);
  for (const [i, row] of indices.entries()) out.set(rows.subarray(row * width, (row + 1) * width), i * width);
  return out;
}

/** Each row less its mean, in place. */
function withoutLevel(rows: Float32Array): Float32Array {
  for (let begin = 0; begin < rows.length; begin += BANDS) {
    const row = rows.subarray(begin, begin + BANDS);
    let sum = 0;
    for (let i = 0; i < BANDS; i++) sum += row[i] as number;
    for (let i = 0; i < BANDS; i++) row[i] = (row[i] as number) - sum / BANDS;
  }
  return rows;
}

/** Median distance from one row of features to the next. */
function medianStep(features: Float32Array): number {
  const count = features.length / COEFFICIENTS;
  const steps = new Float64Array(Math.max(count - 1, 0));
  for (let unit = 0; unit < steps.length; unit++) {
    let sum = 0;
    for (let i = unit * COEFFICIENTS; i < (unit + 1) * COEFFICIENTS; i++) {
      sum += ((features[i + COEFFICIENTS] as number) - (features[i] as number)) ** 2;
    }
    steps[unit] = Math.sqrt(sum);
  }
  return median(steps);
}

/** At most `count` of the points, evenly spaced. */
function sampled(points: Points, count: number): Points {
  const every = Math.ceil(points.kinds.length / count);
  if (every <= 1) return points;
  const chosen = [...points.kinds.keys()].filter((index) => index % every === 0);
  return {
    dimensions: points.dimensions,
    rows: gather(points.rows, points.dimensions, chosen),
    kinds: Uint8Array.from(chosen, (index) => points.kinds[index] as number),
  };
}

/** The values of at most `count` evenly spaced rows. */
function someRows(values: Float32Array, width: number, count: number): Float64Array {
  const every = Math.ceil(values.length / width / count);
  return Float64Array.from(values.filter((_, index) => Math.floor(index / width) % every === 0));
}
