import type { InferenceRuntime } from './inference/runtime.ts';

/**
 * All that differs between a Bun process, a Bun Worker and a browser Web Worker. The core never asks where it runs:
 * each host hands in these abilities.
 */
export interface Host {
  readonly runtime: InferenceRuntime;
  /** Bytes of a file below `models/`, such as `mini/encoder.onnx`. Throws `UnavailableError('model-missing')`. */
  loadModel(path: string): Promise<Uint8Array>;
  /** Bytes of the kernels' WebAssembly build. */
  loadKernels(build: 'simd' | 'scalar'): Promise<Uint8Array>;
  /** SHA-256 in lower-case hexadecimal, where the host has a faster one than JavaScript's: models are hundreds of megabytes. */
  readonly sha256?: ((bytes: Uint8Array) => string | Promise<string>) | undefined;
  /** Called when much memory has just become free: a good moment to give it back. Hosts without such a means leave it out. */
  releaseMemory?(): void;
}
