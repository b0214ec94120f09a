/**
 * The kernels' WebAssembly exports, by section. Pointers are byte addresses in the module's memory, aligned to 16 where
 * they come from `Kernels`; lengths count elements, not bytes. Nothing here allocates.
 */

interface MemoryExports {
  readonly memory: WebAssembly.Memory;
  /** First byte that the module does not use itself. */
  heapBase(): number;
}

/** wasm/assembly/fft. A plan is laid out by `RealFft` (fft.ts), whose documentation says how a spectrum lies in memory. */
interface FftExports {
  /** `input`: N samples; `output`: spectrum. May be the same memory. */
  rfft(plan: number, input: number, output: number): void;
  /** `input`: spectrum; `output`: N samples, normalised by 1/N. May be the same memory. */
  irfft(plan: number, input: number, output: number): void;
}

/** wasm/assembly/stft.ts. `edge`: 1 mirrored, 0 zero; `frame`: scratch of N f32; spectra: [frames, 2·stride]. */
interface StftExports {
  /** Spectra of windowed frames, the first of which begins at sample `start`. */
  stft(
    plan: number,
    samples: number,
    length: number,
    edge: number,
    start: number,
    hop: number,
    frames: number,
    window: number,
    windowLength: number,
    frame: number,
    out: number,
  ): void;
  /** Adds the windowed inverse transforms to `out` and the squared windows to `weight`, both `length` f32. */
  overlapAddSpectra(
    plan: number,
    spectra: number,
    frames: number,
    start: number,
    hop: number,
    window: number,
    windowLength: number,
    frame: number,
    out: number,
    weight: number,
    length: number,
  ): void;
  /** values[i] /= max(weights[i], floor). */
  divideByWeight(values: number, weights: number, floor: number, count: number): void;
}

/** wasm/assembly/bands.ts. */
interface BandExports {
  /** out [frames, outStride] = sparse rows × input [frames, inputStride]; `ranges`: first column and count of each row, i32. */
  bandMatrix(
    ranges: number,
    weights: number,
    rows: number,
    input: number,
    inputStride: number,
    frames: number,
    out: number,
    outStride: number,
  ): void;
  /** out [frames, stride] = |X|² + offset, or its root where `root` is 1. */
  spectrumPower(spectra: number, out: number, frames: number, stride: number, offset: number, root: number): void;
  /** values[i] = scale · ln max(values[i], floor). */
  logarithm(values: number, count: number, floor: number, scale: number): void;
}

/** wasm/assembly/resample.ts. `state`: index and phase, i32; both return the number of outputs. */
interface ResampleExports {
  /** `bank`: [phases, taps]. */
  resample(
    state: number,
    input: number,
    available: number,
    step: number,
    phases: number,
    bank: number,
    taps: number,
    out: number,
    capacity: number,
  ): number;
  /** `bank`: [stored + 1, taps], `taps` a multiple of 8. */
  resampleBetween(
    state: number,
    input: number,
    available: number,
    step: number,
    phases: number,
    bank: number,
    taps: number,
    stored: number,
    out: number,
    capacity: number,
  ): number;
}

/** wasm/assembly/loudness.ts. */
interface LoudnessExports {
  /** Sum of squares after two second-order sections (7 f64 each: b0, b1, b2, a1, a2 and two states). */
  weightedEnergy(samples: number, count: number, sections: number): number;
  /** Largest magnitude. */
  peak(samples: number, count: number): number;
  /** Largest magnitude on the curve through `count` samples; `samples` holds count + taps − 1. `bank`: [phases, taps]. */
  peakBetween(
    samples: number,
    count: number,
    bank: number,
    phases: number,
    taps: number,
    gain: number,
    least: number,
  ): number;
}

/** wasm/assembly/world: speech analysis. `x` is the address of the first frame's centre sample; see the sources for the margins. */
interface WorldExports {
  /** Refines `f0` (f64 × frames, Hz, 0 = unvoiced) in place. `cosines`: 2048 f64; `scratch`: 4096 f64. */
  stoneMask(
    x: number,
    f0: number,
    frames: number,
    hop: number,
    sampleRate: number,
    cosines: number,
    scratch: number,
  ): void;
  /** Out: `E` [frames, bands] mean log amplitude, `power` [frames]. `scratch`: 28672 bytes. */
  cheapTrick(
    plan: number,
    x: number,
    f0: number,
    frames: number,
    hop: number,
    sampleRate: number,
    ranges: number,
    weights: number,
    bands: number,
    inverses: number,
    scratch: number,
    E: number,
    power: number,
  ): void;
}

/** wasm/assembly/speech. `x`, `y` are the addresses that sample 0 of the whole signal would have, `f0` and `ratios` those of frame 0. */
interface SpeechExports {
  /** `state`: f64 position, i32 count, i32 voiced. Appends to `positions` (i32), `periods` (f64), `kinds` (i32). */
  pitchMarks(
    state: number,
    x: number,
    length: number,
    until: number,
    f0: number,
    frames: number,
    hop: number,
    sampleRate: number,
    positions: number,
    periods: number,
    kinds: number,
    capacity: number,
  ): void;
  /** `state`: f64 position, i32 mark. Adds grains to `y`. */
  overlapAdd(
    state: number,
    x: number,
    length: number,
    y: number,
    until: number,
    positions: number,
    periods: number,
    kinds: number,
    marks: number,
    ratios: number,
    frames: number,
    hop: number,
  ): void;
  /** Adds to `out` and `norm`, which begin half a window before `x`. `scratch`: size + 3·stride f32. */
  filterFrames(
    plan: number,
    x: number,
    frames: number,
    hop: number,
    window: number,
    windowLength: number,
    gains: number,
    bands: number,
    lower: number,
    fraction: number,
    out: number,
    norm: number,
    scratch: number,
  ): void;
  /** `out` [rows, columns] = `a` [rows, inner] · `b` [inner, columns] + `bias`; `columns` a multiple of 8. */
  affine(a: number, b: number, bias: number, rows: number, inner: number, columns: number, out: number): void;
  /** Adds to `histogram` (65536 i32). */
  countMagnitudes(values: number, count: number, histogram: number): void;
  /** The `kept` smallest of each row, ascending: `indices` (i32) and `values` (f32), [rows, kept]. */
  nearest(
    table: number,
    rows: number,
    stride: number,
    columns: number,
    kept: number,
    indices: number,
    values: number,
  ): void;
  /** `costs`: `kept` f64, in and out; `back`: [frames, kept] bytes; `features`: [rows, 20] f32; `scratch`: `kept` f64. */
  bestPredecessors(
    before: number,
    indices: number,
    distances: number,
    frames: number,
    kept: number,
    features: number,
    rows: number,
    jumpWeight: number,
    costs: number,
    back: number,
    scratch: number,
  ): void;
  /** `path`: [frames] bytes; `chosen`: [frames, near] i32; `scratch`: `kept` f32. */
  nearestToPath(
    indices: number,
    distances: number,
    path: number,
    frames: number,
    kept: number,
    near: number,
    features: number,
    pathWeight: number,
    chosen: number,
    scratch: number,
  ): void;
}

/** wasm/assembly/network. Strides in bytes; widths, `columns` included, are multiples of 16. */
interface NetworkExports {
  /** out [rows, columns] = a [rows, inner] · b [inner, columns] + bias; `b` is packed: 16 columns of all rows, then the next 16. */
  product(
    a: number,
    aRow: number,
    rows: number,
    inner: number,
    b: number,
    bias: number,
    columns: number,
    out: number,
    outRow: number,
  ): void;
  /** In each tile: out [rows, width] = start [rows, width] + matrix [rows, inner] · input [inner, width]. `start` may be `out`. */
  mixRows(
    matrix: number,
    rows: number,
    inner: number,
    width: number,
    tiles: number,
    input: number,
    inputRow: number,
    inputTile: number,
    start: number,
    startRow: number,
    startTile: number,
    out: number,
    outRow: number,
    outTile: number,
  ): void;
  /** out [rows, width] = x + inverse·sin²(alpha·x), `alpha` and `inverse` [width]. `out` may be `input`. */
  snake(input: number, out: number, rows: number, width: number, alpha: number, inverse: number): void;
  /** values[i] = max(values[i], slope·values[i]), in place. */
  leakyRelu(values: number, count: number, slope: number): void;
}

export interface KernelExports
  extends MemoryExports,
    FftExports,
    StftExports,
    BandExports,
    ResampleExports,
    LoudnessExports,
    WorldExports,
    SpeechExports,
    NetworkExports {}
