import { AffineMap } from '../../kernels/matrix.ts';
import type { Kernels } from '../../kernels/module.ts';
import { BANDS } from './bands.ts';
import type { Analysis } from './envelope.ts';
import type { Report } from './pitch.ts';
import type { EnvelopeRows } from './rows.ts';
import { cepstrumMap, MomentSums, type Moments } from './statistics.ts';

/** How much of what was retrieved is taken on voiced and on unvoiced frames. */
const RETRIEVAL_VOICED = 0.5;
const RETRIEVAL_UNVOICED = 0.2;
/** How much of the source's own fast movement comes back, and over how many frames it is told from slow movement. */
const DETAIL = 0.5;
const DETAIL_WIDTH = 11;
/** Neighbours on each side that a result depends on. */
const DETAIL_MARGIN = (DETAIL_WIDTH - 1) / 2;
const BLOCK_FRAMES = 500;

const speechKernel = Float64Array.of(0.2, 0.2, 0.2, 0.2, 0.2);
/** The middle of a Hann window of seven. */
const voicedKernel = Float64Array.of(0.25, 0.75, 1, 0.75, 0.25).map((weight) => weight / 3);
const retrievedKernel = Float64Array.of(0.25, 0.5, 0.25);
const detailKernel = hannWeights(DETAIL_WIDTH);

/** What was retrieved from the voice. */
export interface Chosen {
  /** Fills `out` with level-free envelopes from frame `first` of the source on. */
  read(first: number, out: Float32Array): void;
}

/** Maps that are applied to the source's and to the network's envelopes before they are blended. */
export interface BlendMaps {
  /** Statistics of the source to the voice's: the base. */
  readonly base: AffineMap;
  /** Statistics of the network's output to the voice's. */
  readonly network: AffineMap;
}

/**
 * Blends base, network and retrieved envelopes, and brings back fast detail that the base has. In place: `envelope`
 * holds the network's output before and the blend after. Returns the moments of the blend's cepstra.
 */
export async function blendInPlace(
  kernels: Kernels,
  source: Analysis,
  envelope: EnvelopeRows,
  maps: BlendMaps,
  chosen: Chosen,
  report: Report,
): Promise<Moments> {
  const frames = source.f0.length;
  const speech = convolved(source.active, speechKernel);
  const voiced = convolved(
    Uint8Array.from(source.f0, (hertz) => (hertz > 0 ? 1 : 0)),
    voicedKernel,
  );
  const share = speech.map((weight, frame) => {
    const voicing = voiced[frame] as number;
    return weight * (RETRIEVAL_VOICED * voicing + RETRIEVAL_UNVOICED * (1 - voicing));
  });
  const toCepstrum = new AffineMap(kernels, cepstrumMap);
  const sums = new MomentSums(BANDS);
  const scratch = allocateScratch(Math.min(frames, BLOCK_FRAMES));
  let [rows, pending] = [scratch.result, scratch.pending];
  let pendingFirst = 0;
  let pendingLength = 0;
  try {
    for (let first = 0; first < frames; first += BLOCK_FRAMES) {
      const count = Math.min(BLOCK_FRAMES, frames - first);
      const result = rows.subarray(0, count * BANDS);
      blendBlock(source, envelope, maps, chosen, { speech, share }, { first, count }, scratch, result);
      // A block is written only once the next has read its margin.
      envelope.write(pendingFirst, pending.subarray(0, pendingLength));
      [pending, rows, pendingFirst, pendingLength] = [rows, pending, first, result.length];
      const cepstra = scratch.units.subarray(0, result.length);
      toCepstrum.apply(result, cepstra);
      sums.addActive(cepstra, source.active, first);
      await report((first + count) / frames);
    }
  } finally {
    toCepstrum.free();
  }
  envelope.write(pendingFirst, pending.subarray(0, pendingLength));
  return sums.moments();
}

interface Weights {
  /** How much of each frame is speech, 0 … 1. */
  readonly speech: Float64Array;
  /** How much of what was retrieved each frame takes. */
  readonly share: Float64Array;
}

interface FrameRange {
  readonly first: number;
  readonly count: number;
}

/** Rows of one block with its margins, made once: blocks come by the hundred. */
interface Scratch {
  readonly base: Float32Array;
  readonly mixed: Float32Array;
  readonly units: Float32Array;
  readonly result: Float32Array;
  readonly pending: Float32Array;
}

function allocateScratch(frames: number): Scratch {
  const rows = (count: number) => new Float32Array(count * BANDS);
  const wide = frames + 2 * DETAIL_MARGIN;
  return { base: rows(wide), mixed: rows(wide), units: rows(wide + 2), result: rows(frames), pending: rows(frames) };
}

/** Blended rows of the range into `result`. */
function blendBlock(
  source: Analysis,
  network: EnvelopeRows,
  maps: BlendMaps,
  chosen: Chosen,
  { speech, share }: Weights,
  { first, count }: FrameRange,
  scratch: Scratch,
  result: Float32Array,
): void {
  const frames = source.f0.length;
  const begin = Math.max(0, first - DETAIL_MARGIN);
  const end = Math.min(frames, first + count + DETAIL_MARGIN);
  const base = scratch.base.subarray(0, (end - begin) * BANDS);
  const mixed = scratch.mixed.subarray(0, base.length);
  maps.base.apply(source.envelope.read(begin, base), base);
  maps.network.apply(network.read(begin, mixed), mixed);

  // One more frame to each side, which smoothing over three frames looks at.
  const from = Math.max(0, begin - 1);
  const units = scratch.units.subarray(0, (Math.min(frames, end + 1) - from) * BANDS);
  chosen.read(from, units);
  const found = new Float64Array(BANDS);
  for (let row = 0; row < end - begin; row++) {
    const weight = speech[begin + row] as number;
    for (let i = row * BANDS; i < (row + 1) * BANDS; i++) {
      const own = base[i] as number;
      mixed[i] = own + weight * ((mixed[i] as number) - own);
    }
    smoothRow(units, begin + row - from, retrievedKernel, found);
    moveShape(mixed.subarray(row * BANDS, (row + 1) * BANDS), found, share[begin + row] as number);
  }
  addDetail(base, mixed, speech, begin, first, result);
}

/** Moves `row` towards `target` by `share` of the way, but for the mean of the difference. */
function moveShape(row: Float32Array, target: Float64Array, share: number): void {
  let mean = 0;
  for (let i = 0; i < BANDS; i++) mean += (target[i] as number) - (row[i] as number);
  mean /= BANDS;
  for (let i = 0; i < BANDS; i++) {
    const here = row[i] as number;
    row[i] = here + share * ((target[i] as number) - here - mean);
  }
}

/** result = mixed plus half of the fast movement of base − mixed. Rows of both begin at frame `begin`, those of `result` at `first`. */
function addDetail(
  base: Float32Array,
  mixed: Float32Array,
  speech: Float64Array,
  begin: number,
  first: number,
  result: Float32Array,
): void {
  // What is missing takes the place of the base.
  const missing = base;
  for (let i = 0; i < base.length; i++) missing[i] = (base[i] as number) - (mixed[i] as number);
  const offset = (first - begin) * BANDS;
  result.set(mixed.subarray(offset, offset + result.length));
  const slow = new Float64Array(BANDS);
  for (let row = 0; row < result.length / BANDS; row++) {
    const weight = DETAIL * (speech[first + row] as number);
    if (weight === 0) continue;
    smoothRow(missing, first - begin + row, detailKernel, slow);
    for (let i = 0; i < BANDS; i++) {
      const at = row * BANDS + i;
      const fast = (missing[offset + at] as number) - (slow[i] as number);
      result[at] = (result[at] as number) + weight * fast;
    }
  }
}

/** Weighted mean of the rows around `row`, the first and last row repeated beyond the ends. */
function smoothRow(rows: Float32Array, row: number, kernel: Float64Array, out: Float64Array): void {
  const last = rows.length / BANDS - 1;
  const half = (kernel.length - 1) / 2;
  out.fill(0);
  for (let k = 0; k < kernel.length; k++) {
    const weight = kernel[k] as number;
    const at = Math.min(Math.max(row + k - half, 0), last) * BANDS;
    for (let i = 0; i < BANDS; i++) out[i] = (out[i] as number) + weight * (rows[at + i] as number);
  }
}

/** Weighted sums over neighbouring flags; beyond the ends there is nothing. */
function convolved(flags: Uint8Array, kernel: Float64Array): Float64Array {
  const half = (kernel.length - 1) / 2;
  return Float64Array.from(flags, (_, frame) =>
    kernel.reduce((sum, weight, k) => sum + weight * (flags[frame + k - half] ?? 0), 0),
  );
}

/** The inner values of a Hann window two longer, with the sum 1. */
function hannWeights(width: number): Float64Array {
  const weights = Float64Array.from(
    { length: width },
    (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * (i + 1)) / (width + 1)),
  );
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}
