import { add, laneCount, max, mul, splat, sqrtLanes } from './lanes';
import { logLanes } from './math';
import { dot } from './vectors';

/** From spectra to bands: power or magnitude, a sparse weighting, a logarithm. */

/**
 * out[frame, row] = Σₖ weight·input[frame, first + k] for a matrix whose rows have one run of non-zero weights each.
 *
 * @param ranges per row, two i32: first column and number of weights
 * @param weights the runs, one after the other, f32
 * @param input [frames, inputStride]
 * @param out [frames, outStride], `rows` used
 */
export function bandMatrix(
  ranges: usize, weights: usize, rows: i32, input: usize, inputStride: i32, frames: i32, out: usize, outStride: i32,
): void {
  for (let t = 0; t < frames; t++) {
    let run = weights;
    for (let row = 0; row < rows; row++) {
      const first = load<i32>(ranges + (<usize>row << 3));
      const count = load<i32>(ranges + (<usize>row << 3), 4);
      store<f32>(out + (<usize>row << 2), dot(input + (<usize>first << 2), run, count));
      run += <usize>count << 2;
    }
    input += <usize>inputStride << 2;
    out += <usize>outStride << 2;
  }
}

@inline
function powerSome<T>(spectra: usize, out: usize, frames: i32, stride: i32, offset: f32, root: bool): void {
  const half = <usize>stride << 2;
  for (let t = 0; t < frames; t++) {
    for (let at: usize = 0; at < half; at += sizeof<T>()) {
      const re = load<T>(spectra + at), im = load<T>(spectra + half + at);
      const power = add<T>(add<T>(mul<T>(re, re), mul<T>(im, im)), splat<T>(offset));
      store<T>(out + at, root ? sqrtLanes<T>(power) : power);
    }
    spectra += 2 * half;
    out += half;
  }
}

/** out [frames, stride] = |X|² + offset of split spectra (fft/real.ts), or its square root where `root`. */
export function spectrumPower(spectra: usize, out: usize, frames: i32, stride: i32, offset: f32, root: i32): void {
  if (ASC_FEATURE_SIMD) {
    if (root) powerSome<v128>(spectra, out, frames, stride, offset, true);
    else powerSome<v128>(spectra, out, frames, stride, offset, false);
  } else if (root) powerSome<f32>(spectra, out, frames, stride, offset, true);
  else powerSome<f32>(spectra, out, frames, stride, offset, false);
}

@inline
function logSome<T>(values: usize, floor: f32, scale: f32, from: i32, count: i32): i32 {
  let i = from;
  for (; i + laneCount<T>() <= count; i += laneCount<T>()) {
    const at = values + (<usize>i << 2);
    store<T>(at, mul<T>(logLanes<T>(max<T>(load<T>(at), splat<T>(floor))), splat<T>(scale)));
  }
  return i;
}

/** values[i] = scale · ln max(values[i], floor), in place; floor is a normal number above 0. */
export function logarithm(values: usize, count: i32, floor: f32, scale: f32): void {
  let done = 0;
  if (ASC_FEATURE_SIMD) done = logSome<v128>(values, floor, scale, 0, count);
  logSome<f32>(values, floor, scale, done, count);
}
