import { addRows } from '../../../kernels/convolution/activations.ts';
import type { DirectConvolution, LengtheningConvolution } from '../../../kernels/convolution/direct.ts';
import type { Rows } from '../../../kernels/convolution/rows.ts';
import type { Kernels } from '../../../kernels/module.ts';
import { SPECTRUM, writeSpectra } from './fourier.ts';
import type { Layers } from './layers.ts';
import { ResidualBlock } from './residual-block.ts';

/** Residual blocks beside each other, whose results are averaged. */
const BLOCKS = 3;

export interface StageShape {
  /** Spectra of the source for each row of this stage; one is heard through twice as many taps, or by itself. */
  readonly spectraARow: number;
  /** Whether the result has one row more: at the front, the second one again. */
  readonly isMirrored: boolean;
  /** Rows of input that are worked on at once. */
  readonly piece: number;
  /** Rows of input beside them that their results hear. */
  readonly margin: number;
}

/** The source of a whole sound. */
export interface Source {
  /** Mirrored at the ends. */
  readonly samples: Float32Array;
  /** Spectra that they have. */
  readonly spectra: number;
}

/** Some rows of a stage's result. */
export interface Piece {
  /** The result with its margins. */
  readonly rows: Rows;
  /** The rows that are right, and where the first of them belongs. */
  readonly start: number;
  readonly end: number;
  readonly at: number;
}

/**
 * One of HiFT's two stages: makes its input longer, adds the source as heard at this rate, and averages three residual blocks.
 * It works piece by piece: what lies beyond a piece counts as silence, which only the margins hear.
 */
export class Stage {
  readonly factor: number;
  readonly outputs: number;
  /** Rows of a piece with its margins, at most. */
  readonly capacity: number;
  /** Rows beyond `factor` times those of the input. */
  readonly extra: number;
  readonly #kernels: Kernels;
  readonly #shape: StageShape;
  readonly #lengthen: LengtheningConvolution;
  readonly #hear: DirectConvolution;
  readonly #sourceBlock: ResidualBlock;
  readonly #blocks: readonly ResidualBlock[];
  readonly #input: Rows;
  readonly #spectra: Rows;
  /** Sum of source and input, a block's own, the average, and two to work in. */
  readonly #signals: readonly [x: Rows, branch: Rows, average: Rows, active: Rows, between: Rows];

  constructor(kernels: Kernels, layers: Layers, index: number, inputs: number, shape: StageShape) {
    const { spectraARow, isMirrored, piece, margin } = shape;
    this.#kernels = kernels;
    this.#shape = shape;
    this.#lengthen = layers.lengthening(`ups.${index}`);
    this.#hear = layers.direct(`source_downs.${index}`, spectraARow, Math.floor(spectraARow / 2));
    this.#sourceBlock = new ResidualBlock(layers, `source_resblocks.${index}`);
    this.#blocks = Array.from(
      { length: BLOCKS },
      (_, block) => new ResidualBlock(layers, `resblocks.${index * BLOCKS + block}`),
    );
    this.factor = this.#lengthen.factor;
    this.outputs = this.#lengthen.outputs;
    this.extra = isMirrored ? 1 : 0;
    this.capacity = (piece + 2 * margin) * this.factor + this.extra;
    const signal = () => layers.rows(this.capacity, this.outputs);
    this.#input = layers.rows(piece + 2 * margin, inputs);
    this.#spectra = layers.rows(this.capacity * spectraARow + 1, SPECTRUM);
    this.#signals = [signal(), signal(), signal(), signal(), signal()];
  }

  /** The result for `input` [length, stride], piece by piece. `report` hears which share of the input is done, and may throw. */
  async *run(input: Float32Array, source: Source, report: (done: number) => Promise<void>): AsyncGenerator<Piece> {
    const { piece, margin } = this.#shape;
    const { stride } = this.#input;
    const length = input.length / stride;
    for (let from = 0; from < length; from += piece) {
      const to = Math.min(length, from + piece);
      const first = Math.max(0, from - margin);
      const last = Math.min(length, to + margin);
      this.#input.set(input.subarray(first * stride, last * stride));
      const share = (part: number) => report((from + part * (to - from)) / length);
      const rows = await this.#runPiece(first, source, share);
      const start = (from - first) * this.factor;
      const count = (to - from) * this.factor + (to === length ? this.extra : 0);
      yield { rows, start, end: start + count, at: from * this.factor };
    }
  }

  /** The average of the blocks, for the excerpt of the input that begins at row `first` of it. */
  async #runPiece(first: number, source: Source, report: (part: number) => Promise<void>): Promise<Rows> {
    const [x, branch, average, active, between] = this.#signals;
    const length = this.#input.length * this.factor + this.extra;
    for (const rows of this.#signals) rows.resize(length);
    this.#hearSource(first * this.factor, source, x);
    this.#sourceBlock.run(x, { active, between });
    await report(1 / (BLOCKS + 1));

    this.#lengthen.run(this.#input, branch, this.extra);
    if (this.#shape.isMirrored) branch.view.copyWithin(0, 2 * branch.stride, 3 * branch.stride);
    addRows(this.#kernels, x, branch);
    average.view.fill(0);
    for (const [i, block] of this.#blocks.entries()) {
      branch.view.set(x.view);
      block.run(branch, { active, between });
      addRows(this.#kernels, average, branch, 1 / BLOCKS);
      await report((i + 2) / (BLOCKS + 1));
    }
    return average;
  }

  /** Fills `out` with what the rows from `from` on hear of the source. */
  #hearSource(from: number, { samples, spectra }: Source, out: Rows): void {
    const { spectraARow } = this.#shape;
    const first = from * spectraARow;
    // One more than the rows begin: the last row hears it.
    this.#spectra.resize(Math.min(spectra - first, out.length * spectraARow + 1));
    writeSpectra(samples, first, this.#spectra.view, this.#spectra.stride);
    this.#hear.run(this.#spectra, out);
  }
}
