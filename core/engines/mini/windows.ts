import type { Tensor } from '../../inference/runtime.ts';
import { BANDS } from './bands.ts';
import type { EnvelopeRows } from './rows.ts';

/** A source of up to this many frames (25 s) is seen as a whole; a longer one through windows. */
const WHOLE_FRAMES = 2500;
const WINDOW_FRAMES = 1200;
/** Windows overlap by this much, and are cross-faded over the middle half of it. */
const OVERLAP_FRAMES = 100;

/** Frames `start` … `end` − 1 that the network sees at once; of those `from` … `to` − 1 are this window's alone to decide. */
export interface Window {
  readonly start: number;
  readonly end: number;
  readonly from: number;
  readonly to: number;
}

/** Windows over a source, each starting at an even frame, so that frames of the content stand in place. */
export function windowsOf(frames: number): Window[] {
  if (frames <= WHOLE_FRAMES) return [{ start: 0, end: frames, from: 0, to: frames }];
  const step = WINDOW_FRAMES - OVERLAP_FRAMES;
  const count = Math.ceil((frames - OVERLAP_FRAMES) / step);
  return Array.from({ length: count }, (_, i) => {
    const start = i * step;
    const end = i === count - 1 ? frames : start + WINDOW_FRAMES;
    return {
      start,
      end,
      from: i === 0 ? 0 : start + OVERLAP_FRAMES / 2,
      to: i === count - 1 ? frames : end - OVERLAP_FRAMES / 2,
    };
  });
}

/** Joins what the network gives for each window to one whole. */
export class WindowJoin {
  readonly #out: EnvelopeRows;
  readonly #offset: Float64Array;
  readonly #buffer: Float32Array;

  /** `offset` [BANDS] is added to every row. */
  constructor(out: EnvelopeRows, offset: Float64Array) {
    this.#out = out;
    this.#offset = offset;
    this.#buffer = new Float32Array(Math.min(out.frames, WHOLE_FRAMES) * BANDS);
  }

  /** Adds the next window's rows, columns of `tensor` [1, BANDS, columns]; over the overlap one fades into the other. */
  add({ start, end }: Window, { data, dims }: Tensor): void {
    const [, , columns = 0] = dims;
    const rows = this.#buffer.subarray(0, (end - start) * BANDS);
    const overlap = start === 0 ? 0 : OVERLAP_FRAMES;
    this.#out.read(start, rows.subarray(0, overlap * BANDS));
    for (let frame = 0; frame < end - start; frame++) {
      const fade = frame < overlap ? Math.min(Math.max(frame / (OVERLAP_FRAMES / 2) - 0.5, 0), 1) : 1;
      for (let band = 0; band < BANDS; band++) {
        const at = frame * BANDS + band;
        const value = (data[band * columns + frame] as number) + (this.#offset[band] as number);
        rows[at] = fade === 1 ? value : (rows[at] as number) * (1 - fade) + value * fade;
      }
    }
    this.#out.write(start, rows);
  }
}
