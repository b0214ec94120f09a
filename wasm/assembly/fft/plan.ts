/**
 * What a transform of one size needs, laid into memory once by `core/kernels/fft.ts` and only read afterwards (but for
 * the two scratch buffers). Field order is the layout: i32 words.
 */
@unmanaged
export class FftPlan {
  /** Number of real samples, N. */
  size: i32;
  /** Number of complex points of the inner transform, M = N/2. */
  half: i32;
  /** Floats from the real part to the imaginary part of a spectrum: N/2 + 1 rounded up to a multiple of 4. */
  stride: i32;
  /** Two work buffers of 2·M + 8 floats each. */
  scratchA: usize;
  scratchB: usize;
  /** ½cos(2πk/N) and −½sin(2πk/N), k = 0 … M/2 + 3. */
  rotationCos: usize;
  rotationSin: usize;
  /** 1 where all passes work on vectors: the first radix is 4 and has two groups or more. */
  vector: i32;
  passCount: i32;
  /** The first of `passCount` passes, one `FftPass` after the other. */
  passes: usize;
}

/** One pass of the Stockham transform (passes.ts): `groups` × `radix` × `stride` = M. */
@unmanaged
export class FftPass {
  radix: i32;
  /** Number of butterflies that differ in their twiddle factors. */
  groups: i32;
  /** Number of neighbouring points that share a twiddle factor: the product of the radices before this pass. */
  stride: i32;
  /**
   * Twiddle factors w^(j·p), w = e^(−2πi / (groups·radix)): for p = 0 the cos and sin of j = 1, of j = 2, …, then for p = 1.
   * The first pass of a vector transform has, for each p, the cosines of j = 0 … 3 and then their sines.
   */
  twiddles: usize;
}
