import type { InferenceSession } from '../../inference/runtime.ts';
import type { Kernels } from '../../kernels/module.ts';
import { StoneMask } from '../../kernels/stonemask.ts';
import { FRAMES_PER_SECOND, frameCount, HOP, SAMPLE_RATE } from './bands.ts';
import { PitchSpectra, SPECTRA, SPECTRA_BANDS, SPECTRA_HOP } from './pitch-spectra.ts';

/** Samples from frame to frame of the pitch network (SwiftF0). */
const NETWORK_HOP = SPECTRA_HOP;
const NETWORK_FRAME_SECONDS = NETWORK_HOP / SAMPLE_RATE;
/** Frames of the network per run, and those to each side that its receptive field needs. */
const WINDOW_FRAMES = 500;
const MARGIN_FRAMES = 7;
const LOWEST_HERTZ = 55;
const HIGHEST_HERTZ = 600;
const VOICED_CONFIDENCE = 0.5;
/** The network answers digital silence at random: frames whose samples stay below this are unvoiced. */
const SILENCE_PEAK = 1e-3;
/** Frames refined between two reports. */
const REFINE_FRAMES = 1000;

/** What the network says, a frame every 16 ms. */
interface NetworkPitch {
  readonly logHertz: Float64Array;
  readonly confidence: Float64Array;
}

export type Report = (fraction: number) => Promise<void>;

/**
 * Fundamental frequency: SwiftF0 (Nieradzik 2025) from 55 to 600 Hz, interpolated in log frequency to a frame every
 * 10 ms, refined by StoneMask.
 */
export class PitchTracker {
  readonly #session: InferenceSession;
  readonly #spectra: PitchSpectra;
  readonly #stoneMask: StoneMask;

  constructor(session: InferenceSession, kernels: Kernels) {
    this.#session = session;
    this.#spectra = new PitchSpectra(kernels);
    this.#stoneMask = new StoneMask(kernels, SAMPLE_RATE, HOP);
  }

  /** Pitch [frames] in Hz of a signal at 16 kHz, 0 where unvoiced. */
  async track(samples: Float32Array, report: Report): Promise<Float64Array> {
    const f0 = toFrames(await this.#detect(samples, (fraction) => report(0.95 * fraction)), frameCount(samples.length));
    for (let first = 0; first < f0.length; first += REFINE_FRAMES) {
      this.#stoneMask.refine(samples, f0, first, Math.min(REFINE_FRAMES, f0.length - first));
      await report(0.95 + (0.05 * first) / f0.length);
    }
    return f0;
  }

  async #detect(samples: Float32Array, report: Report): Promise<NetworkPitch> {
    const frames = Math.max(1, Math.floor(samples.length / NETWORK_HOP));
    const logHertz = new Float64Array(frames);
    const confidence = new Float64Array(frames);
    for (let start = 0; start < frames; start += WINDOW_FRAMES) {
      const end = Math.min(start + WINDOW_FRAMES, frames);
      const left = Math.max(0, start - MARGIN_FRAMES);
      const right = Math.min(end + MARGIN_FRAMES, frames);
      const heard = await this.#listen(this.#spectra.compute(samples, left, right));
      for (let frame = start; frame < end; frame++) {
        logHertz[frame] = Math.log(Math.max(heard.hertz[frame - left] ?? 0, 40));
        confidence[frame] = isSilent(samples, frame) ? 0 : (heard.confidence[frame - left] ?? 0);
      }
      await report(end / frames);
    }
    return { logHertz, confidence };
  }

  async #listen(spectra: Float32Array): Promise<{ hertz: ArrayLike<number>; confidence: ArrayLike<number> }> {
    const { pitch, confidence } = await this.#session.run({
      spectra: { dims: [1, SPECTRA, SPECTRA_BANDS, spectra.length / (SPECTRA * SPECTRA_BANDS)], data: spectra },
      fmin: { dims: [], data: Float32Array.of(LOWEST_HERTZ) },
      fmax: { dims: [], data: Float32Array.of(HIGHEST_HERTZ) },
    });
    if (!pitch || !confidence) throw new Error('the pitch network has other outputs');
    return { hertz: pitch.data as Float64Array, confidence: confidence.data as Float32Array };
  }

  free(): void {
    this.#spectra.free();
    this.#stoneMask.free();
  }
}

function isSilent(samples: Float32Array, frame: number): boolean {
  const end = Math.min((frame + 1) * NETWORK_HOP, samples.length);
  for (let i = frame * NETWORK_HOP; i < end; i++) if (Math.abs(samples[i] as number) >= SILENCE_PEAK) return false;
  return true;
}

/**
 * Pitch every 10 ms from the network's every 16 ms: unvoiced stretches are bridged in log frequency, then both tracks are
 * read by straight lines; a frame is voiced where its neighbours' voicing weighs half or more.
 */
export function toFrames({ logHertz, confidence }: NetworkPitch, frames: number): Float64Array {
  const f0 = new Float64Array(frames);
  const voiced = Float64Array.from(confidence, (value) => (value >= VOICED_CONFIDENCE ? 1 : 0));
  if (voiced.reduce((sum, value) => sum + value, 0) < 2) return f0;
  const bridged = bridge(logHertz, voiced);
  for (let frame = 0; frame < frames; frame++) {
    const seconds = frame / FRAMES_PER_SECOND;
    if (readBetween(voiced, seconds) >= 0.5) f0[frame] = Math.exp(readBetween(bridged, seconds));
  }
  return f0;
}

/** Straight lines across the frames that are not voiced; the first and last voiced values beyond them. */
function bridge(values: Float64Array, voiced: Float64Array): Float64Array {
  const out = values.slice();
  let last = -1;
  for (let i = 0; i < values.length; i++) {
    if (voiced[i] !== 1) continue;
    const to = values[i] as number;
    const from = last < 0 ? to : (values[last] as number);
    for (let k = last + 1; k < i; k++) out[k] = from + (to - from) * ((k - last) / (i - last));
    last = i;
  }
  if (last >= 0) out.fill(values[last] as number, last + 1);
  return out;
}

/** The network's value at a time, by a straight line; beyond the last frame its value. */
function readBetween(values: Float64Array, seconds: number): number {
  const last = values.length - 1;
  const below = Math.min(Math.floor(seconds / NETWORK_FRAME_SECONDS + 1e-9), last);
  const left = values[below] as number;
  if (below === last) return left;
  const begin = below * NETWORK_FRAME_SECONDS;
  const slope = ((values[below + 1] as number) - left) / ((below + 1) * NETWORK_FRAME_SECONDS - begin);
  return slope * (seconds - begin) + left;
}
