import type { DirectConvolution } from '../../../kernels/convolution/direct.ts';
import { Rows } from '../../../kernels/convolution/rows.ts';
import type { Kernels } from '../../../kernels/module.ts';
import type { Report } from '../content.ts';
import type { Layers } from './layers.ts';

/** Where the convolutions stand in upstream's sequence of layers. */
const CONVOLUTIONS = [0, 2, 4, 6, 8];

/**
 * The pitch of a log-mel. Its convolutions are computed term by term: the source adds up, over the whole sound, what the pitch is off by.
 */
export class PitchPredictor {
  readonly #kernels: Kernels;
  readonly #convolutions: readonly DirectConvolution[];
  readonly #weights: Float32Array;
  readonly #bias: number;

  constructor(kernels: Kernels, layers: Layers) {
    this.#kernels = kernels;
    this.#convolutions = CONVOLUTIONS.map((layer) => layers.direct(`f0_predictor.condnet.${layer}`, 1, 1));
    this.#weights = layers.vector('f0_predictor.classifier.weight');
    this.#bias = layers.vector('f0_predictor.classifier.bias')[0] ?? 0;
  }

  /** Hz for each row; 0 … 10 where there is none. */
  async predict(mel: Rows, report: Report): Promise<Float32Array<ArrayBuffer>> {
    const frames = mel.length;
    const width = this.#weights.length;
    let heard = mel;
    const buffers = [0, 1].map(() => new Rows(this.#kernels, frames, width).resize(frames));
    try {
      for (const [i, convolution] of this.#convolutions.entries()) {
        const out = buffers[i % 2] as Rows;
        convolution.run(heard, out);
        exponentialLinear(out.view);
        heard = out;
        await report((i + 1) / this.#convolutions.length);
      }
      const { view, stride } = heard;
      return Float32Array.from({ length: frames }, (_, frame) => {
        let sum = this.#bias;
        for (let i = 0; i < width; i++) sum += (this.#weights[i] as number) * (view[frame * stride + i] as number);
        return Math.abs(sum);
      });
    } finally {
      for (const buffer of buffers) buffer.free();
    }
  }
}

/** ELU: eˣ − 1 below 0. */
function exponentialLinear(values: Float32Array): void {
  for (let i = 0; i < values.length; i++) {
    const x = values[i] as number;
    if (x < 0) values[i] = Math.expm1(x);
  }
}
