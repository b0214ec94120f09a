import { roundUp } from './heap.ts';
import type { Kernels, Reserved } from './module.ts';

/** A linear map from rows of `inner` numbers to rows of `columns`, as data: `matrix` [inner, columns] row-major, `bias` [columns]. */
export interface Affine {
  readonly inner: number;
  readonly columns: number;
  readonly matrix: ArrayLike<number>;
  readonly bias?: ArrayLike<number>;
}

/** The kernel takes columns in groups of this many. */
const COLUMN_GROUP = 8;

/** An affine map laid into the kernels' memory: out = row · matrix + bias, in f32. `free` it when done. */
export class AffineMap {
  readonly inner: number;
  readonly columns: number;
  /** Columns as laid out, a multiple of 8: the row length of what `run` writes. */
  readonly stride: number;
  readonly #kernels: Kernels;
  readonly #matrix: Reserved<Float32Array<ArrayBuffer>>;
  readonly #bias: Reserved<Float32Array<ArrayBuffer>>;

  constructor(kernels: Kernels, { inner, columns, matrix, bias }: Affine) {
    this.#kernels = kernels;
    this.inner = inner;
    this.columns = columns;
    this.stride = roundUp(columns, COLUMN_GROUP);
    this.#matrix = kernels.reserveF32(inner * this.stride);
    this.#bias = kernels.reserveF32(this.stride);
    const view = this.#matrix.view;
    for (let row = 0; row < inner; row++) {
      for (let column = 0; column < columns; column++) {
        view[row * this.stride + column] = matrix[row * columns + column] ?? 0;
      }
    }
    if (bias) this.#bias.view.set(bias);
  }

  /** Maps `rows` rows at address `input` to rows of `stride` floats at address `output`. */
  run(input: number, rows: number, output: number): void {
    const { affine } = this.#kernels.exports;
    affine(input, this.#matrix.pointer, this.#bias.pointer, rows, this.inner, this.stride, output);
  }

  /** Maps the rows of `input` into `output` (may be the same array; `columns` a multiple of 8). */
  apply(input: Float32Array, output: Float32Array): void {
    const rows = input.length / this.inner;
    this.#kernels.scope(() => {
      const from = this.#kernels.copyF32(input);
      const to = this.#kernels.allocF32(rows * this.stride);
      this.run(from.pointer, rows, to.pointer);
      output.set(to.view);
    });
  }

  free(): void {
    this.#matrix.free();
    this.#bias.free();
  }
}
