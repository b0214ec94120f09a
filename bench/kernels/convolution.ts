import { DirectConvolution } from '#core/kernels/convolution/direct.ts';
import { FastConvolution } from '#core/kernels/convolution/fast.ts';
import { Rows } from '#core/kernels/convolution/rows.ts';
import type { Kernels } from '#core/kernels/module.ts';
import { inTurn, type Timing } from './measure.ts';

export interface ConvolutionResult {
  readonly taps: number;
  /** Multiplications and additions of the convolution written out, in millions a millisecond, by the fast way's time. */
  readonly rate: number;
  readonly timings: Record<'simd' | 'direct' | 'scalar', Timing>;
}

/** HiFT's largest convolutions. */
const CHANNELS = 128;
const LENGTH = 480;
const ROUNDS = 31;

/** The fast convolution against the one term by term, on the same rows of channels. */
export function benchConvolution(simd: Kernels, scalar: Kernels): ConvolutionResult[] {
  return [3, 7, 11].map((taps) => {
    const weight = Float32Array.from({ length: CHANNELS * CHANNELS * taps }, (_, i) => Math.sin(i * i));
    const weights = { weight, dims: [CHANNELS, CHANNELS, taps] } as const;
    const [input, output] = [rowsOf(simd), rowsOf(simd)];
    const [scalarInput, scalarOutput] = [rowsOf(scalar), rowsOf(scalar)];
    const fast = new FastConvolution(simd, weights, 1);
    const direct = new DirectConvolution(simd, weights, 1, (taps - 1) / 2);
    const single = new FastConvolution(scalar, weights, 1);
    const timings = inTurn(
      {
        simd: () => fast.run(input, output),
        direct: () => direct.run(input, output),
        scalar: () => single.run(scalarInput, scalarOutput),
      },
      ROUNDS,
    );
    return { taps, rate: (LENGTH * weight.length) / timings.simd.microseconds / 1000, timings };
  });
}

function rowsOf(kernels: Kernels): Rows {
  return new Rows(kernels, LENGTH, CHANNELS).resize(LENGTH);
}
