import type { Snake } from '../../../kernels/convolution/activations.ts';
import type { FastConvolution } from '../../../kernels/convolution/fast.ts';
import type { Rows } from '../../../kernels/convolution/rows.ts';
import type { Layers } from './layers.ts';

const DILATIONS = [1, 3, 5] as const;

/** Two more signals of the same shape to work in. */
export interface Scratch {
  readonly active: Rows;
  readonly between: Rows;
}

/** Three times: x += convolution(snake(dilated convolution(snake(x)))). */
export class ResidualBlock {
  readonly #steps: readonly {
    readonly first: Snake;
    readonly dilated: FastConvolution;
    readonly second: Snake;
    readonly plain: FastConvolution;
  }[];

  constructor(layers: Layers, name: string) {
    this.#steps = DILATIONS.map((dilation, i) => ({
      first: layers.snake(`${name}.activations1.${i}`),
      dilated: layers.fast(`${name}.convs1.${i}`, dilation),
      second: layers.snake(`${name}.activations2.${i}`),
      plain: layers.fast(`${name}.convs2.${i}`),
    }));
  }

  /** Changes `x`, which is as long as the scratch. */
  run(x: Rows, { active, between }: Scratch): void {
    for (const { first, dilated, second, plain } of this.#steps) {
      first.run(x, active);
      dilated.run(active, between);
      second.run(between, between);
      plain.run(between, x, true);
    }
  }
}
