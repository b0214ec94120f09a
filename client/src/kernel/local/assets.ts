import scalarKernelsUrl from '#wasm/build/kernels.scalar.wasm?url';
import simdKernelsUrl from '#wasm/build/kernels.simd.wasm?url';

/** Where the build put the files that a conversion needs. Their names carry a hash, so that a browser may keep them for ever. */
export const kernelUrls = { simd: simdKernelsUrl, scalar: scalarKernelsUrl } as const;

const models = import.meta.glob<string>('../../../../models/**/*.{onnx,json}', {
  query: '?url',
  import: 'default',
  eager: true,
});

/** URL of a file below `models/`, such as `mini/encoder.onnx`; undefined when the app comes without it. */
export function modelUrl(path: string): string | undefined {
  return models[`../../../../models/${path}`];
}
