import { BANDS, HOP, SAMPLE_RATE } from '../bands.ts';

/** The history is cut by multiples of this: 80 ms, whole frames, an even number of them, as the network pairs frames. */
const CUT = 1280;
/** What is kept at least: more than the network looks back. */
const KEPT_SAMPLES = CUT * Math.ceil((1.2 * SAMPLE_RATE) / CUT);
/** Room for this much more between two cuts; a block must be shorter. */
const ROOM_SAMPLES = CUT * 8;

export const HISTORY_SAMPLES = KEPT_SAMPLES + ROOM_SAMPLES;
const HISTORY_FRAMES = HISTORY_SAMPLES / HOP + 1;

/** The last second and a bit of a stream at 16 kHz, and what is known of it; frame t is centred on sample t·HOP. */
export class History {
  /** Samples known. */
  length = 0;
  /** Frames whose analysis is known. */
  frames = 0;
  /** What was heard. */
  readonly samples = new Float32Array(HISTORY_SAMPLES);
  /** Its pitch, Hz, 0 where unvoiced. */
  readonly f0 = new Float64Array(HISTORY_FRAMES);
  /** Its envelopes, [frames, BANDS] in nat. */
  readonly envelope = new Float32Array(HISTORY_FRAMES * BANDS);
  /** Mean power of the envelope. */
  readonly power = new Float32Array(HISTORY_FRAMES);
  /** 1 where there is speech. */
  readonly active = new Uint8Array(HISTORY_FRAMES);
  /** New pitch by old. */
  readonly ratios = new Float64Array(HISTORY_FRAMES).fill(1);
  /** At the new pitch, then filtered in place. */
  readonly wave = new Float32Array(HISTORY_SAMPLES);

  /** Adds samples, at most 8·1280; gives how many had to go at the beginning (a multiple of 16 frames at times, mostly 0). */
  append(samples: Float32Array): number {
    const overflow = this.length + samples.length - HISTORY_SAMPLES;
    const cut = overflow > 0 ? CUT * Math.ceil(Math.max(overflow, ROOM_SAMPLES - samples.length) / CUT) : 0;
    if (cut > 0) this.#forget(cut);
    this.samples.set(samples, this.length);
    this.length += samples.length;
    return cut;
  }

  clear(): void {
    this.length = 0;
    this.frames = 0;
    for (const values of [this.samples, this.f0, this.envelope, this.power, this.active, this.wave]) values.fill(0);
    this.ratios.fill(1);
  }

  #forget(cut: number): void {
    const frames = cut / HOP;
    this.samples.copyWithin(0, cut);
    this.wave.copyWithin(0, cut);
    this.envelope.copyWithin(0, frames * BANDS);
    for (const values of [this.f0, this.power, this.active, this.ratios]) values.copyWithin(0, frames);
    this.length -= cut;
    this.frames -= frames;
  }
}
