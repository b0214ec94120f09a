import { BANDS } from './bands.ts';

/** Steps per nat: rounding moves a value by 0.0004 at most, 0.003 dB. */
const STEPS = 1280;
/** Largest magnitude that fits, in nat: 222 dB. */
const LARGEST = 32767 / STEPS;

/**
 * Envelopes of many frames, [frames, BANDS] in nat, kept as 16-bit numbers: an hour takes 58 MB, half of what f32 would.
 */
export class EnvelopeRows {
  readonly frames: number;
  readonly #steps: Int16Array;

  constructor(frames: number) {
    this.frames = frames;
    this.#steps = new Int16Array(frames * BANDS);
  }

  static from(rows: Float32Array): EnvelopeRows {
    const packed = new EnvelopeRows(rows.length / BANDS);
    packed.write(0, rows);
    return packed;
  }

  /** Fills `out` with the rows from frame `first` on, and returns it. */
  read<Rows extends Float32Array>(first: number, out: Rows): Rows {
    const offset = first * BANDS;
    for (let i = 0; i < out.length; i++) out[i] = (this.#steps[offset + i] as number) / STEPS;
    return out;
  }

  /** Puts `rows` from frame `first` on; what is too large is limited. */
  write(first: number, rows: Float32Array): void {
    const offset = first * BANDS;
    for (let i = 0; i < rows.length; i++) {
      const value = Math.min(Math.max(rows[i] as number, -LARGEST), LARGEST);
      this.#steps[offset + i] = Math.round(value * STEPS);
    }
  }

  /** All rows. */
  toArray(): Float32Array<ArrayBuffer> {
    return this.read(0, new Float32Array(this.frames * BANDS));
  }
}

/** Hands the rows on in blocks of up to `blockFrames`, all in one buffer. */
export function* blocksOf(rows: EnvelopeRows, blockFrames: number): Generator<{ first: number; block: Float32Array }> {
  const buffer = new Float32Array(Math.min(blockFrames, rows.frames) * BANDS);
  for (let first = 0; first < rows.frames; first += blockFrames) {
    const count = Math.min(blockFrames, rows.frames - first);
    yield { first, block: rows.read(first, buffer.subarray(0, count * BANDS)) };
  }
}
