import { roundUp } from '../heap.ts';
import type { Kernels, Reserved } from '../module.ts';

/** Channels are laid out in multiples of this many; those that are not wanted stay 0. */
export const CHANNEL_GROUP = 16;
/** Zero rows before the first and after the last one: as far as a convolution may reach beyond a signal. */
const GUARD_ROWS = 128;

/** Channels as they lie in memory. */
export function laidOut(channels: number): number {
  return roundUp(channels, CHANNEL_GROUP);
}

/**
 * A signal of several channels in the kernels' memory, [length, stride]: all channels of a moment side by side, silence at both ends. Its
 * length can change up to its capacity. `free` it when done.
 */
export class Rows {
  readonly channels: number;
  /** Floats from one row to the next. */
  readonly stride: number;
  readonly #block: Reserved<Float32Array<ArrayBuffer>>;
  #length = 0;

  constructor(kernels: Kernels, capacity: number, channels: number) {
    this.channels = channels;
    this.stride = laidOut(channels);
    this.#block = kernels.reserveF32((capacity + 2 * GUARD_ROWS) * this.stride);
  }

  get length(): number {
    return this.#length;
  }

  /** Bytes from one row to the next. */
  get rowBytes(): number {
    return 4 * this.stride;
  }

  /** Address of a row; rows from −128 up to 128 beyond the length may be read. */
  at(row: number): number {
    return this.#block.pointer + (row + GUARD_ROWS) * this.rowBytes;
  }

  /** The rows' values, [length, stride]. */
  get view(): Float32Array<ArrayBuffer> {
    return this.#block.view.subarray(GUARD_ROWS * this.stride, (GUARD_ROWS + this.#length) * this.stride);
  }

  /** Sets the length; what the rows hold is not defined, what lies around them is silence. */
  resize(length: number): this {
    const all = this.#block.view;
    const end = (length + 2 * GUARD_ROWS) * this.stride;
    if (end > all.length) throw new RangeError(`${length} rows are too many`);
    this.#length = length;
    this.silenceEnds();
    return this;
  }

  /** Makes what lies around the rows silent again. */
  silenceEnds(): void {
    const all = this.#block.view;
    all.fill(0, 0, GUARD_ROWS * this.stride);
    all.fill(0, (GUARD_ROWS + this.#length) * this.stride, (2 * GUARD_ROWS + this.#length) * this.stride);
  }

  /** Takes over `values` [length, stride]. */
  set(values: Float32Array): this {
    this.resize(values.length / this.stride);
    this.view.set(values);
    return this;
  }

  free(): void {
    this.#block.free();
  }
}
