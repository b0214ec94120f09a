import type { Kernels, Reserved } from '../module.ts';
import { CHANNEL_GROUP, laidOut } from './rows.ts';

/** Weights of a convolution over one dimension, as PyTorch lays them out. */
export interface ConvolutionWeights {
  /** [outputs, inputs, taps], row-major. */
  readonly weight: Float32Array;
  readonly dims: readonly [outputs: number, inputs: number, taps: number];
  /** [outputs]. */
  readonly bias?: Float32Array | undefined;
}

/** A matrix [rows, columns] laid into the kernels' memory in panels of 16 columns, as the kernel `product` reads it. */
export class PackedMatrix {
  readonly rows: number;
  readonly columns: number;
  readonly #block: Reserved<Float32Array<ArrayBuffer>>;

  /** `columns`: a multiple of 16. `fill` sets values that are not 0. */
  constructor(
    kernels: Kernels,
    rows: number,
    columns: number,
    fill: (set: (row: number, column: number, value: number) => void) => void,
  ) {
    this.rows = rows;
    this.columns = columns;
    this.#block = kernels.reserveF32(rows * columns);
    const { view } = this.#block;
    fill((row, column, value) => {
      const within = column % CHANNEL_GROUP;
      view[(column - within) * rows + row * CHANNEL_GROUP + within] = value;
    });
  }

  get pointer(): number {
    return this.#block.pointer;
  }

  free(): void {
    this.#block.free();
  }
}

/** `bias` laid out for [channels], or as many zeros. */
export function layBias(kernels: Kernels, channels: number, bias?: Float32Array): Reserved<Float32Array<ArrayBuffer>> {
  const block = kernels.reserveF32(laidOut(channels));
  if (bias) block.view.set(bias);
  return block;
}
