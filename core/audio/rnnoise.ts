/** Rate and frame length that RNNoise works with, and how late its output comes, in samples. */
export const rnnoiseRate = 48000;
export const rnnoiseFrame = 480;
export const rnnoiseDelay = 480;

const fullScale = 32768;

/** One stream through RNNoise (Valin, "A hybrid DSP/deep learning approach to real-time full-band speech enhancement", 2018). */
export interface NoiseFilter {
  /** Replaces a frame by the one before it without its noise. */
  processInPlace(frame: Float32Array): void;
  dispose(): void;
}

type RnnoiseModule = Awaited<ReturnType<typeof import('@echogarden/rnnoise-wasm')['default']>>;

let loading: Promise<RnnoiseModule> | undefined;

/** Loads the module once; a failed load is forgotten. */
function loadRnnoise(): Promise<RnnoiseModule> {
  loading ??= import('@echogarden/rnnoise-wasm')
    .then(({ default: create }) => create())
    .catch((error: unknown) => {
      loading = undefined;
      throw error;
    });
  return loading;
}

export async function createNoiseFilter(): Promise<NoiseFilter> {
  const module = await loadRnnoise();
  const state = module._rnnoise_create(0);
  const pointer = module._malloc(4 * rnnoiseFrame);
  return {
    processInPlace(frame) {
      const start = pointer / 4;
      for (let i = 0; i < rnnoiseFrame; i++) module.HEAPF32[start + i] = (frame[i] ?? 0) * fullScale;
      module._rnnoise_process_frame(state, pointer, pointer);
      for (let i = 0; i < rnnoiseFrame; i++) frame[i] = (module.HEAPF32[start + i] ?? 0) / fullScale;
    },
    dispose() {
      module._rnnoise_destroy(state);
      module._free(pointer);
    },
  };
}
