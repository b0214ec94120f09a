import type { Kernels, Reserved } from '../module.ts';
import { laidOut, type Rows } from './rows.ts';
import { type ToomCook, toomCook } from './toom-cook.ts';
import { type ConvolutionWeights, layBias, PackedMatrix } from './weights.ts';

/**
 * How kernels of each length are computed. Those of 11 are cut in two pieces of 6, whose tiles of input are the same ones, moved by one tile.
 * Products for one output: 1.33 instead of 3, 2.5 instead of 7, 3.67 instead of 11; in f32 the results are off by 1e-6, 4e-6 and 6e-6 of the
 * signal (3e-7 to 7e-7 without).
 */
const METHODS: ReadonlyMap<number, ToomCook> = new Map([
  [3, toomCook(6, 3, [0, 1, -1, 2, -2, 1 / 2, -1 / 2])],
  [7, toomCook(4, 7, [0, 1, -1, 2, -2, 1 / 2, -1 / 2, 3 / 4, -4 / 3])],
  [11, toomCook(6, 6, [0, 1, -1, 2, -2, 1 / 2, -1 / 2, 3 / 4, -4 / 3, 4])],
]);
/** The point 1, whose value every output gets alike: the bias is added there. */
const BIAS_PRODUCT = 1;

/**
 * A convolution of stride 1 that keeps the length (zeros beyond both ends), by few products: time is cut in tiles, every `dilation`-th row
 * making a signal of its own. The rows become points, channels are multiplied point by point, and the products become rows again. `free` it when done.
 */
export class FastConvolution {
  readonly outputs: number;
  readonly #kernels: Kernels;
  readonly #method: ToomCook;
  readonly #dilation: number;
  readonly #before: number;
  readonly #pieces: number;
  readonly #inputs: number;
  readonly #points: readonly PackedMatrix[];
  readonly #forth: Reserved<Float32Array<ArrayBuffer>>;
  readonly #back: Reserved<Float32Array<ArrayBuffer>>;
  readonly #bias: Reserved<Float32Array<ArrayBuffer>>;
  readonly #zeros: Reserved<Float32Array<ArrayBuffer>>;

  /** Throws `RangeError` for a number of taps other than 3, 7 and 11. */
  constructor(kernels: Kernels, { weight, dims: [outputs, inputs, taps], bias }: ConvolutionWeights, dilation: number) {
    const method = METHODS.get(taps);
    if (!method) throw new RangeError(`no fast way for ${taps} taps`);
    this.outputs = outputs;
    this.#kernels = kernels;
    this.#method = method;
    this.#dilation = dilation;
    this.#before = ((taps - 1) / 2) * dilation;
    this.#pieces = Math.ceil(taps / method.taps);
    this.#inputs = laidOut(inputs);
    this.#points = Array.from({ length: method.products }, (_, point) =>
      this.#pointWeights(point, weight, outputs, inputs, taps),
    );
    this.#forth = kernels.reserveF32(method.forth.length);
    this.#forth.view.set(method.forth);
    this.#back = kernels.reserveF32(method.back.length);
    this.#back.view.set(method.back);
    this.#bias = layBias(kernels, outputs, bias);
    this.#zeros = layBias(kernels, Math.max(outputs, inputs));
  }

  /** Convolves `input` into `output` (another one) of the same length, or adds the result to what stands there. */
  run(input: Rows, output: Rows, adds = false): void {
    const [dilation, tile] = [this.#dilation, this.#method.outputs];
    const counts = Array.from({ length: dilation }, (_, phase) => Math.ceil((input.length - phase) / dilation));
    // Beyond the last tile of a phase, the later pieces read on.
    const tiles = counts.map((count) => Math.ceil(count / tile) + this.#pieces - 1);
    const all = tiles.reduce((sum, count) => sum + count, 0);
    this.#kernels.scope(() => {
      const points = this.#kernels.allocF32(this.#method.products * all * this.#inputs).pointer;
      const products = this.#kernels.allocF32(this.#method.products * all * output.stride).pointer;
      for (let phase = 0, at = 0; phase < dilation; at += tiles[phase++] as number) {
        this.#toPoints(input, phase, tiles[phase] as number, points + 4 * at * this.#inputs, all);
      }
      this.#multiply(points, products, all, output.stride);
      for (let phase = 0, at = 0; phase < dilation; at += tiles[phase++] as number) {
        this.#toRows(products + 4 * at * output.stride, all, output, phase, counts[phase] as number, adds);
      }
    });
  }

  free(): void {
    for (const block of [...this.#points, this.#forth, this.#back, this.#bias, this.#zeros]) block.free();
  }

  /** The kernel at one point: [pieces · inputs, outputs]. */
  #pointWeights(point: number, weight: Float32Array, outputs: number, inputs: number, taps: number): PackedMatrix {
    const { taps: pieceTaps, weights } = this.#method;
    const factors = weights.subarray(point * pieceTaps, (point + 1) * pieceTaps);
    return new PackedMatrix(this.#kernels, this.#pieces * this.#inputs, laidOut(outputs), (set) => {
      for (let output = 0; output < outputs; output++) {
        for (let input = 0; input < inputs; input++) {
          const start = (output * inputs + input) * taps;
          for (let piece = 0; piece < this.#pieces; piece++) {
            let sum = 0;
            const count = Math.min(pieceTaps, taps - piece * pieceTaps);
            for (let tap = 0; tap < count; tap++) {
              sum += (factors[tap] as number) * (weight[start + piece * pieceTaps + tap] as number);
            }
            set(piece * this.#inputs + input, output, sum);
          }
        }
      }
    });
  }

  /** Every tile of a phase at all points: [points, all tiles, inputs]. */
  #toPoints(input: Rows, phase: number, tiles: number, points: number, all: number): void {
    const { products, outputs } = this.#method;
    const row = this.#dilation * input.rowBytes;
    this.#kernels.exports.mixRows(
      this.#forth.pointer,
      ...([products, products, this.#inputs, tiles] as const),
      ...([input.at(phase - this.#before), row, outputs * row] as const),
      ...([this.#zeros.pointer, 0, 0] as const),
      ...([points, all * input.rowBytes, input.rowBytes] as const),
    );
  }

  #multiply(points: number, products: number, all: number, stride: number): void {
    const inputBytes = 4 * this.#inputs;
    for (const [point, weights] of this.#points.entries()) {
      this.#kernels.exports.product(
        points + point * all * inputBytes,
        inputBytes,
        all - this.#pieces + 1,
        weights.rows,
        weights.pointer,
        (point === BIAS_PRODUCT ? this.#bias : this.#zeros).pointer,
        stride,
        products + 4 * point * all * stride,
        4 * stride,
      );
    }
  }

  /** The products of a phase back to its `count` rows. */
  #toRows(products: number, all: number, output: Rows, phase: number, count: number, adds: boolean): void {
    const { products: inner, outputs } = this.#method;
    const { rowBytes } = output;
    const row = this.#dilation * rowBytes;
    const whole = Math.floor(count / outputs);
    for (const [tile, tiles, rows] of [
      [0, whole, outputs],
      [whole, 1, count % outputs],
    ] as const) {
      const target = output.at(phase + tile * outputs * this.#dilation);
      this.#kernels.exports.mixRows(
        this.#back.pointer,
        ...([rows, inner, output.stride, tiles] as const),
        ...([products + tile * rowBytes, all * rowBytes, rowBytes] as const),
        ...(adds ? ([target, row, outputs * row] as const) : ([this.#zeros.pointer, 0, 0] as const)),
        ...([target, row, outputs * row] as const),
      );
    }
  }
}
