import { type Affine, AffineMap } from '../../kernels/matrix.ts';
import type { Kernels } from '../../kernels/module.ts';
import { BANDS } from './bands.ts';
import { blendInPlace, type Chosen } from './blend.ts';
import type { Analysis } from './envelope.ts';
import { type Network, normalisation, pitchLevel, voiceFeeds } from './network.ts';
import type { Report } from './pitch.ts';
import { contentSpace, Retrieval } from './retrieval.ts';
import { EnvelopeRows } from './rows.ts';
import { cepstralMoments, type Moments, matchingMap } from './statistics.ts';
import type { Voice } from './voice.ts';
import { WindowJoin, windowsOf } from './windows.ts';

/** How far the deviations of the source's, the network's and the blended cepstra may be stretched. */
export const BASE_LIMIT = 1.5;
export const NETWORK_LIMIT = 1.6;
export const BLEND_LIMIT = 1.6;

/** Windows between two calls of `releaseMemory`, about 25 MB. */
const WINDOWS_TO_RELEASE = 9;

/** Envelopes of the source's words in the voice: `map` applied to `rows`. */
export interface TargetEnvelope {
  readonly rows: EnvelopeRows;
  readonly map: Affine;
}

/** Who is told how far each part has come, and when there is much to clear away. */
export interface TargetReports {
  readonly network: Report;
  readonly blend: Report;
  /** See `Host.releaseMemory`. */
  releaseMemory(): void;
}

/** The envelopes to take on: network and retrieval window by window, then the blend. `targetPitch` [frames] in Hz, 0 where unvoiced. */
export async function targetEnvelope(
  kernels: Kernels,
  network: Network,
  source: Analysis,
  voice: Voice,
  targetPitch: Float64Array,
  reports: TargetReports,
): Promise<TargetEnvelope> {
  const target = cepstralMoments(kernels, voice.analysis.envelope, voice.analysis.active);
  const retrieval = new Retrieval(kernels, voice.analysis, contentSpace(voice.z, voice.analysis.f0.length));
  try {
    const { rows, units } = await seeThrough(network, retrieval, source, voice, targetPitch, reports);
    const chosen: Chosen = {
      read: (first, out) => retrieval.read(units.subarray(first * retrieval.near), out),
    };
    const moments = await blended(kernels, source, rows, target, chosen, reports.blend);
    return { rows, map: matchingMap(moments, target, BLEND_LIMIT) };
  } finally {
    retrieval.free();
  }
}

/** What network and retrieval give for the whole source. */
interface Seen {
  /** The network's envelopes, before statistics. */
  readonly rows: EnvelopeRows;
  /** The voice's units chosen for each frame, [frames, near]. */
  readonly units: Uint16Array;
}

async function seeThrough(
  network: Network,
  retrieval: Retrieval,
  source: Analysis,
  voice: Voice,
  targetPitch: Float64Array,
  { network: report, releaseMemory }: TargetReports,
): Promise<Seen> {
  const frames = source.f0.length;
  const moments = normalisation(source);
  const voiceMoments = normalisation(voice.analysis);
  const feeds = voiceFeeds(voice.analysis, voiceMoments, voice.z);
  const rows = new EnvelopeRows(frames);
  const join = new WindowJoin(rows, voiceMoments.mean);
  const units = new Uint16Array(frames * retrieval.near);
  const level = pitchLevel(targetPitch);
  for (const [index, window] of windowsOf(frames).entries()) {
    // What windows leave behind adds up faster than hosts clear it away by themselves.
    if (index > 0 && index % WINDOWS_TO_RELEASE === 0) releaseMemory();
    const { start, end, from, to } = window;
    const stretch = {
      envelope: source.envelope.read(start, new Float32Array((end - start) * BANDS)),
      targetPitch: targetPitch.subarray(start, end),
      pitchLevel: level,
    };
    const { E, z } = await network.convert(stretch, moments, feeds);
    join.add(window, E);
    await report((start + 0.7 * (end - start)) / frames);
    const chosen = retrieval.choose(contentSpace(z, end - start), source.f0.subarray(start, end));
    const { near } = retrieval;
    units.set(chosen.subarray((from - start) * near, (to - start) * near), from * near);
    await report(end / frames);
  }
  return { rows, units };
}

/** Blends into `rows`, which hold the network's output. */
async function blended(
  kernels: Kernels,
  source: Analysis,
  rows: EnvelopeRows,
  target: Moments,
  chosen: Chosen,
  report: Report,
): Promise<Moments> {
  const matching = (envelope: EnvelopeRows, limit: number) =>
    new AffineMap(kernels, matchingMap(cepstralMoments(kernels, envelope, source.active), target, limit));
  const base = matching(source.envelope, BASE_LIMIT);
  const network = matching(rows, NETWORK_LIMIT);
  try {
    return await blendInPlace(kernels, source, rows, { base, network }, chosen, report);
  } finally {
    base.free();
    network.free();
  }
}
