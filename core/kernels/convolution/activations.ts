import type { Kernels, Reserved } from '../module.ts';
import { laidOut, type Rows } from './rows.ts';

/** Keeps PyTorch's Snake from dividing by 0. */
const LEAST_ALPHA = 1e-9;

/** Snake, x + sin²(αx)/α with an α for each channel (Liu et al., "Neural networks fail to learn periodic functions", 2020). */
export class Snake {
  readonly #kernels: Kernels;
  readonly #alpha: Reserved<Float32Array<ArrayBuffer>>;
  readonly #inverse: Reserved<Float32Array<ArrayBuffer>>;

  constructor(kernels: Kernels, alpha: Float32Array) {
    this.#kernels = kernels;
    this.#alpha = kernels.reserveF32(laidOut(alpha.length));
    this.#alpha.view.set(alpha);
    this.#inverse = kernels.reserveF32(laidOut(alpha.length));
    this.#inverse.view.set(alpha.map((value) => 1 / (value + LEAST_ALPHA)));
  }

  /** Fills `output`, of the same length; it may be `input`. */
  run(input: Rows, output: Rows): void {
    const { length, stride } = input;
    this.#kernels.exports.snake(input.at(0), output.at(0), length, stride, this.#alpha.pointer, this.#inverse.pointer);
  }

  free(): void {
    this.#alpha.free();
    this.#inverse.free();
  }
}

/** Multiplies what is below 0 by `slope`, in place. */
export function leakyRelu(kernels: Kernels, rows: Rows, slope: number): void {
  kernels.exports.leakyRelu(rows.at(0), rows.length * rows.stride, slope);
}

/** target += factor · rows, which are of the same shape. */
export function addRows(kernels: Kernels, target: Rows, rows: Rows, factor = 1): void {
  const { length, stride } = target;
  kernels.scope(() => {
    const matrix = kernels.copyF32([factor]).pointer;
    const to = target.at(0);
    kernels.exports.mixRows(matrix, 1, 1, length * stride, 1, rows.at(0), 0, 0, to, 0, 0, to, 0, 0);
  });
}
