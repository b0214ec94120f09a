import type { Weights } from '../../../inference/safetensors.ts';
import { Snake } from '../../../kernels/convolution/activations.ts';
import { DirectConvolution, LengtheningConvolution } from '../../../kernels/convolution/direct.ts';
import { FastConvolution } from '../../../kernels/convolution/fast.ts';
import { Rows } from '../../../kernels/convolution/rows.ts';
import type { ConvolutionWeights } from '../../../kernels/convolution/weights.ts';
import type { Kernels } from '../../../kernels/module.ts';

/** Makes HiFT's layers of the weights that the exporter wrote under upstream's names, and frees all that it made at once. */
export class Layers {
  readonly #kernels: Kernels;
  readonly #weights: Weights;
  readonly #made: { free(): void }[] = [];

  constructor(kernels: Kernels, weights: Weights) {
    this.#kernels = kernels;
    this.#weights = weights;
  }

  fast(name: string, dilation = 1): FastConvolution {
    return this.#keep(new FastConvolution(this.#kernels, this.#convolution(name), dilation));
  }

  direct(name: string, stride: number, before: number): DirectConvolution {
    return this.#keep(new DirectConvolution(this.#kernels, this.#convolution(name), stride, before));
  }

  lengthening(name: string): LengtheningConvolution {
    return this.#keep(new LengtheningConvolution(this.#kernels, this.#convolution(name)));
  }

  snake(name: string): Snake {
    return this.#keep(new Snake(this.#kernels, this.vector(`${name}.alpha`)));
  }

  /** A signal to work in. */
  rows(capacity: number, channels: number): Rows {
    return this.#keep(new Rows(this.#kernels, capacity, channels));
  }

  vector(name: string): Float32Array {
    return this.#weights.get(name).data;
  }

  free(): void {
    for (const layer of this.#made.splice(0)) layer.free();
  }

  #keep<Layer extends { free(): void }>(layer: Layer): Layer {
    this.#made.push(layer);
    return layer;
  }

  #convolution(name: string): ConvolutionWeights {
    const { data, dims } = this.#weights.get(`${name}.weight`);
    const [first = 0, second = 0, taps = 0] = dims;
    return { weight: data, dims: [first, second, taps], bias: this.vector(`${name}.bias`) };
  }
}
