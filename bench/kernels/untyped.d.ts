/** What the benchmarks use of packages that bring no types of their own. */

interface EmscriptenHeap {
  readonly HEAPF32: Float32Array;
  readonly HEAPU32: Uint32Array;
  _malloc(bytes: number): number;
  _free(pointer: number): void;
}

declare module '@echogarden/pffft-wasm/simd' {
  interface Pffft extends EmscriptenHeap {
    /** `kind` 0: real. */
    _pffft_new_setup(size: number, kind: number): number;
    _pffft_aligned_malloc(bytes: number): number;
    /** `direction` 0: forward, 1: inverse. The spectrum is in natural order. */
    _pffft_transform_ordered(setup: number, input: number, output: number, work: number, direction: number): void;
    /** As above with the spectrum in an order of pffft's own. */
    _pffft_transform(setup: number, input: number, output: number, work: number, direction: number): void;
  }
  export default function load(options: { wasmBinary: Uint8Array }): Promise<Pffft>;
}

declare module '@echogarden/speex-resampler-wasm/simd' {
  interface Speex extends EmscriptenHeap {
    /** `quality` 0–10. */
    _speex_resampler_init(
      channels: number,
      inputRate: number,
      outputRate: number,
      quality: number,
      error: number,
    ): number;
    _speex_resampler_destroy(state: number): void;
    _speex_resampler_get_output_latency(state: number): number;
    _speex_resampler_reset_mem(state: number): number;
    /** The lengths are pointers to u32: what is there, what was used. */
    _speex_resampler_process_float(
      state: number,
      channel: number,
      input: number,
      inputLength: number,
      output: number,
      outputLength: number,
    ): number;
  }
  export default function load(options: { wasmBinary: Uint8Array }): Promise<Speex>;
}

declare module 'fourier-transform' {
  /** Real and imaginary parts of bins 0 … N/2, in buffers that the next call overwrites. */
  export function fft(samples: Float32Array): [re: Float64Array, im: Float64Array];
}
