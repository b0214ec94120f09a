import type { Kernels, Reserved } from '../module.ts';
import { laidOut, type Rows } from './rows.ts';
import { type ConvolutionWeights, layBias, PackedMatrix } from './weights.ts';

/** A convolution of any number of taps and stride, term by term. `free` it when done. */
export class DirectConvolution {
  readonly outputs: number;
  readonly #kernels: Kernels;
  readonly #stride: number;
  readonly #before: number;
  readonly #matrix: PackedMatrix;
  readonly #bias: Reserved<Float32Array<ArrayBuffer>>;

  /** Every `stride`-th moment; the first output hears `before` rows of silence. */
  constructor(kernels: Kernels, { weight, dims, bias }: ConvolutionWeights, stride: number, before: number) {
    const [outputs, inputs, taps] = dims;
    this.outputs = outputs;
    this.#kernels = kernels;
    this.#stride = stride;
    this.#before = before;
    this.#matrix = new PackedMatrix(kernels, taps * laidOut(inputs), laidOut(outputs), (set) => {
      forEachWeight(dims, weight, (output, input, tap, value) => set(tap * laidOut(inputs) + input, output, value));
    });
    this.#bias = layBias(kernels, outputs, bias);
  }

  /** Fills `output`, as long as it is. */
  run(input: Rows, output: Rows): void {
    const { rows, columns, pointer } = this.#matrix;
    this.#kernels.exports.product(
      input.at(-this.#before),
      this.#stride * input.rowBytes,
      output.length,
      rows,
      pointer,
      this.#bias.pointer,
      columns,
      output.at(0),
      output.rowBytes,
    );
  }

  free(): void {
    this.#matrix.free();
    this.#bias.free();
  }
}

/**
 * A transposed convolution that makes a signal `factor` times as long, by kernels of 2 · factor taps centred on their moments: each input
 * reaches the outputs from its own and from the next `factor`, less half a `factor`. `free` it when done.
 */
export class LengtheningConvolution {
  readonly factor: number;
  readonly outputs: number;
  readonly #kernels: Kernels;
  readonly #matrix: PackedMatrix;
  readonly #bias: Reserved<Float32Array<ArrayBuffer>>;

  /** `weight`: [inputs, outputs, taps], as PyTorch has it here; an even number of taps. */
  constructor(kernels: Kernels, { weight, dims, bias }: ConvolutionWeights) {
    const [inputs, outputs, taps] = dims;
    const factor = taps / 2;
    const width = laidOut(outputs);
    this.factor = factor;
    this.outputs = outputs;
    this.#kernels = kernels;
    // A row of the product is `factor` rows of outputs, made of the input before (its later taps) and the one at its moment.
    this.#matrix = new PackedMatrix(kernels, 2 * laidOut(inputs), factor * width, (set) => {
      forEachWeight(dims, weight, (input, output, tap, value) => {
        const isLater = tap >= factor;
        set(input + (isLater ? 0 : laidOut(inputs)), (tap % factor) * width + output, value);
      });
    });
    this.#bias = kernels.reserveF32(factor * width);
    if (bias) for (let phase = 0; phase < factor; phase++) this.#bias.view.set(bias, phase * width);
  }

  /** Writes factor · input.length rows from row `start` of `output` on. What comes before `start` is lost. */
  run(input: Rows, output: Rows, start = 0): void {
    const { rows, columns, pointer } = this.#matrix;
    this.#kernels.exports.product(
      input.at(-1),
      input.rowBytes,
      input.length + 1,
      rows,
      pointer,
      this.#bias.pointer,
      columns,
      output.at(start - this.factor / 2),
      this.factor * output.rowBytes,
    );
    output.silenceEnds();
  }

  free(): void {
    this.#matrix.free();
    this.#bias.free();
  }
}

function forEachWeight(
  [first, second, taps]: ConvolutionWeights['dims'],
  weight: Float32Array,
  visit: (first: number, second: number, tap: number, value: number) => void,
): void {
  for (let i = 0, at = 0; i < first; i++) {
    for (let j = 0; j < second; j++) {
      for (let tap = 0; tap < taps; tap++) visit(i, j, tap, weight[at++] as number);
    }
  }
}
