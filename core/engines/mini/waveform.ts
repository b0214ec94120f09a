import { TimeVaryingFilter } from '../../kernels/filter.ts';
import type { AffineMap } from '../../kernels/matrix.ts';
import type { Kernels } from '../../kernels/module.ts';
import { OverlapAdder, PitchMarker } from '../../kernels/psola.ts';
import { BANDS, binPositions, HOP, SAMPLE_RATE } from './bands.ts';
import type { Report } from './pitch.ts';
import type { EnvelopeRows } from './rows.ts';

/** Samples worked on between two reports: 4 s. */
const BLOCK_SAMPLES = 4 * SAMPLE_RATE;
/** Frames filtered at once. */
const BLOCK_FRAMES = 400;
/** Samples under the filter's window: 32 ms. */
const WINDOW = 512;

/**
 * Gives the source another pitch, in place: grains of two periods at new distances (TD-PSOLA). `ratios` [frames]: new pitch by old.
 * The source stays as it is where no ratio differs from 1.
 */
export async function shiftPitchInPlace(
  kernels: Kernels,
  samples: Float32Array,
  f0: Float64Array,
  ratios: Float64Array,
  report: Report,
): Promise<void> {
  if (ratios.every((ratio) => ratio === 1)) return;
  const { length } = samples;
  const marker = new PitchMarker(kernels, samples, SAMPLE_RATE, { f0, hop: HOP });
  for (let end = BLOCK_SAMPLES; end < length + BLOCK_SAMPLES; end += BLOCK_SAMPLES) {
    marker.advance(Math.min(end, length));
    await report((0.7 * Math.min(end, length)) / length);
  }
  const adder = new OverlapAdder(kernels, samples, SAMPLE_RATE, marker.marks, ratios, HOP);
  // The sums from `from` on; what is finished takes the source's place as soon as the source is not read there again.
  let sums = new Float32Array(0);
  let from = 0;
  for (let end = BLOCK_SAMPLES; end < length + BLOCK_SAMPLES; end += BLOCK_SAMPLES) {
    const until = Math.min(end, length);
    sums = moved(sums, 0, adder.reach(until) - from);
    adder.advance(until, sums, from);
    const settled = Math.min(adder.settled, length);
    samples.set(sums.subarray(0, settled - from), from);
    sums = moved(sums, settled - from, sums.length - (settled - from));
    from = settled;
    await report(0.7 + (0.3 * until) / length);
  }
  samples.set(sums, from);
}

/** The samples from `start` on, with zeros behind them up to `length`. */
function moved(samples: Float32Array, start: number, length: number): Float32Array<ArrayBuffer> {
  const out = new Float32Array(length);
  out.set(samples.subarray(start, start + length));
  return out;
}

/** From which envelope to which: gain = strength · (map(target) − source), in nat. */
export class EnvelopeChange {
  readonly frames: number;
  readonly #source: EnvelopeRows;
  readonly #target: EnvelopeRows;
  readonly #map: AffineMap;
  readonly #strength: number;
  readonly #own: Float32Array;

  constructor(source: EnvelopeRows, target: EnvelopeRows, map: AffineMap, strength: number) {
    this.frames = source.frames;
    this.#source = source;
    this.#target = target;
    this.#map = map;
    this.#strength = strength;
    this.#own = new Float32Array(Math.min(BLOCK_FRAMES, source.frames) * BANDS);
  }

  /** Hands the gains of frames 0 … `frames` − 1 on in blocks [count, BANDS], all in one buffer; beyond the source's last frame its gains. */
  *blocks(frames: number): Generator<{ first: number; gains: Float32Array }> {
    const buffer = new Float32Array(Math.min(BLOCK_FRAMES, frames) * BANDS);
    for (let first = 0; first < frames; first += BLOCK_FRAMES) {
      const gains = buffer.subarray(0, Math.min(BLOCK_FRAMES, frames - first) * BANDS);
      this.#fill(first, gains);
      yield { first, gains };
    }
  }

  #fill(first: number, gains: Float32Array): void {
    const count = gains.length / BANDS;
    const begin = Math.min(first, this.frames - 1);
    const end = Math.max(Math.min(first + count, this.frames), begin + 1);
    const known = gains.subarray(0, (end - begin) * BANDS);
    this.#map.apply(this.#target.read(begin, known), known);
    const own = this.#source.read(begin, this.#own.subarray(0, known.length));
    for (let i = 0; i < known.length; i++) known[i] = this.#strength * ((known[i] as number) - (own[i] as number));
    for (let row = end - begin; row < count; row++) gains.copyWithin(row * BANDS, (row - 1) * BANDS, row * BANDS);
  }
}

/** Filters `samples` in place, so that their envelope changes as `change` says. */
export async function filterInPlace(
  kernels: Kernels,
  samples: Float32Array,
  change: EnvelopeChange,
  report: Report,
): Promise<void> {
  const frames = Math.floor(samples.length / HOP) + 1;
  const filter = new TimeVaryingFilter(kernels, WINDOW, HOP, BANDS, binPositions());
  try {
    for (const { first, gains } of change.blocks(frames)) {
      filter.process(samples, gains);
      await report((first + gains.length / BANDS) / frames);
    }
    filter.finish(samples);
  } finally {
    filter.free();
  }
}
