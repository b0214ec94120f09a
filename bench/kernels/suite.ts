import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadKernels } from '#core/kernels/module.ts';
import { benchConvolution, type ConvolutionResult } from './convolution.ts';
import { benchFft, type FftResult } from './fft.ts';
import { benchResample, type ResampleResult } from './resample.ts';

export interface SuiteResult {
  readonly runtime: string;
  readonly fft: readonly FftResult[];
  readonly resample: readonly ResampleResult[];
  readonly convolution: readonly ConvolutionResult[];
}

/** Everything that runs in one JavaScript engine. `root`: the project's folder. */
export async function runSuite(root: string): Promise<SuiteResult> {
  const host = { loadKernels: async (build: string) => readFileSync(join(root, `wasm/build/kernels.${build}.wasm`)) };
  const [simd, scalar] = [await loadKernels(host, 'simd'), await loadKernels(host, 'scalar')];
  const { bun, node } = process.versions;
  return {
    runtime: bun ? `Bun ${bun} (JavaScriptCore)` : `Node.js ${node} (V8)`,
    fft: await benchFft(root, simd, scalar),
    resample: await benchResample(root, simd, scalar),
    convolution: benchConvolution(simd, scalar),
  };
}
