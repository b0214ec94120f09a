/** What is used of the Emscripten module of RNNoise (github.com/xiph/rnnoise). */
declare module '@echogarden/rnnoise-wasm' {
  interface RnnoiseModule {
    readonly HEAPF32: Float32Array;
    _malloc(bytes: number): number;
    _free(pointer: number): void;
    /** 0: the built-in model. */
    _rnnoise_create(model: number): number;
    _rnnoise_destroy(state: number): void;
    /** Takes and gives 480 samples of 48 kHz on the scale of 16-bit integers; in place is fine. */
    _rnnoise_process_frame(state: number, out: number, input: number): number;
  }
  export default function createRnnoise(): Promise<RnnoiseModule>;
}
