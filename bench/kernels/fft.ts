import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import loadPffft from '@echogarden/pffft-wasm/simd';
import FastFourier from 'fft.js';
import { fft as fourierTransform } from 'fourier-transform';
import { realFft } from '#core/kernels/fft.ts';
import type { Kernels } from '#core/kernels/module.ts';
import { inTurn, type Timing } from './measure.ts';

export interface FftResult {
  readonly size: number;
  readonly timings: Record<
    'simd' | 'scalar' | 'inverse' | 'fft.js' | 'fourier-transform' | 'pffft' | 'pffft unordered',
    Timing
  >;
}

const SIZES = [512, 1024, 2048];
const ROUNDS = 201;

/**
 * Real transforms, forward unless said, of the same samples; each library with its data where it wants them, so no copies are
 * timed. The JavaScript packages are the two fastest found on npm (fft.js does half of a spectrum, as all others here);
 * pffft's own order spares it a pass, but only convolution can use it.
 */
export async function benchFft(root: string, simd: Kernels, scalar: Kernels): Promise<FftResult[]> {
  const wasm = join(root, 'node_modules/@echogarden/pffft-wasm/dist/simd/pffft.wasm');
  const pffft = await loadPffft({ wasmBinary: readFileSync(wasm) });
  return SIZES.map((size) => {
    const samples = Float32Array.from({ length: size }, (_, i) => Math.sin(0.1 * i * i));

    const ours = place(simd, samples);
    const oursScalar = place(scalar, samples);
    const javascript = new FastFourier(size);
    const complex = javascript.createComplexArray();
    const plain = Array.from(samples);
    const setup = pffft._pffft_new_setup(size, 0);
    const [input, output, work] = [0, 0, 0].map(() => pffft._pffft_aligned_malloc(4 * size)) as [
      number,
      number,
      number,
    ];
    pffft.HEAPF32.set(samples, input / 4);

    const timings = inTurn(
      {
        simd: () => simd.exports.rfft(ours.plan, ours.input, ours.spectrum),
        scalar: () => scalar.exports.rfft(oursScalar.plan, oursScalar.input, oursScalar.spectrum),
        inverse: () => simd.exports.irfft(ours.plan, ours.spectrum, ours.output),
        'fft.js': () => javascript.realTransform(complex, plain),
        'fourier-transform': () => fourierTransform(samples),
        pffft: () => pffft._pffft_transform_ordered(setup, input, output, work, 0),
        'pffft unordered': () => pffft._pffft_transform(setup, input, output, work, 0),
      },
      ROUNDS,
    );
    return { size, timings };
  });
}

function place(kernels: Kernels, samples: Float32Array) {
  const fft = realFft(kernels, samples.length);
  const spectrum = fft.allocSpectrum().pointer;
  return {
    plan: fft.plan,
    input: kernels.copyF32(samples).pointer,
    spectrum,
    output: kernels.allocF32(samples.length).pointer,
  };
}
