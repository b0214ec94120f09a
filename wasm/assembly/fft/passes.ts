import { add, laneCount, loadSplat, mul, splat, sub } from '../lanes';

/**
 * Butterflies of the Stockham transform, decimation in frequency. Points lie in blocks: the real parts of as many points
 * as `T` has lanes, then their imaginary parts. For f32 that is re, im, re, im …, so a real signal can be read as
 * complex points without moving anything.
 * A pass of radix r with `groups` m and `stride` s, in points:
 *
 *   y[q + s·(r·p + j)] = w^(j·p) · Σₖ x[q + s·(p + m·k)] · e^(−2πi·j·k/r)        p = 0 … m−1, q = 0 … s−1
 *
 * The inner loop runs over q, whose points are neighbours in memory on both sides, so every radix is a plain vector
 * loop once s is a multiple of the lane count. Radices 3, 5 and 8 share the sums that several outputs need.
 */

/** What happens to an output of a butterfly. */
export type Ending = i32;
/** Turned by its twiddle factor. */
export const TURNED: Ending = 0;
/** Stored as it is: in the last pass, which has one group, every factor is 1. */
export const PLAIN: Ending = 1;
/** As `PLAIN`, with real and imaginary parts exchanged and alternating: the samples that an inverse ends in. */
export const EXCHANGED: Ending = 2;

/** sin(π/3). */
const SIN_60: f32 = 0.8660254037844386;
/** cos(2π/5), cos(4π/5), sin(2π/5), sin(4π/5). */
const COS_72: f32 = 0.30901699437494745;
const COS_144: f32 = -0.8090169943749475;
const SIN_72: f32 = 0.9510565162951535;
const SIN_144: f32 = 0.5877852522924731;
const SQRT_HALF: f32 = 0.7071067811865476;

/** Stores one block. `ending` is a compile-time constant. */
@inline
function keep<T>(ending: Ending, out: usize, re: T, im: T): void {
  if (ending != EXCHANGED) {
    store<T>(out, re);
    store<T>(out, im, sizeof<T>());
  } else if (isVector<T>()) {
    v128.store(out, v128.shuffle<f32>(im, re, 0, 4, 1, 5));
    v128.store(out, v128.shuffle<f32>(im, re, 2, 6, 3, 7), 16);
  } else {
    store<T>(out, im);
    store<T>(out, re, sizeof<T>());
  }
}

/** Stores one block, turned by the factor at `w` where the ending says so. */
@inline
function put<T>(ending: Ending, out: usize, re: T, im: T, w: usize): void {
  if (ending == TURNED) {
    const cos = loadSplat<T>(w), sin = loadSplat<T>(w, 4);
    store<T>(out, sub<T>(mul<T>(re, cos), mul<T>(im, sin)));
    store<T>(out, add<T>(mul<T>(re, sin), mul<T>(im, cos)), sizeof<T>());
  } else keep<T>(ending, out, re, im);
}

@inline
function radix2<T>(ending: Ending, input: usize, column: usize, out: usize, row: usize, w: usize): void {
  const re0 = load<T>(input), im0 = load<T>(input, sizeof<T>());
  const re1 = load<T>(input + column), im1 = load<T>(input + column, sizeof<T>());
  keep<T>(ending, out, add<T>(re0, re1), add<T>(im0, im1));
  put<T>(ending, out + row, sub<T>(re0, re1), sub<T>(im0, im1), w);
}

@inline
function radix3<T>(ending: Ending, input: usize, column: usize, out: usize, row: usize, w: usize): void {
  const re0 = load<T>(input), im0 = load<T>(input, sizeof<T>());
  const re1 = load<T>(input + column), im1 = load<T>(input + column, sizeof<T>());
  const re2 = load<T>(input + 2 * column), im2 = load<T>(input + 2 * column, sizeof<T>());
  const half = splat<T>(0.5), sine = splat<T>(SIN_60);
  const sumRe = add<T>(re1, re2), sumIm = add<T>(im1, im2);
  const crossRe = mul<T>(sub<T>(re1, re2), sine), crossIm = mul<T>(sub<T>(im1, im2), sine);
  const baseRe = sub<T>(re0, mul<T>(sumRe, half)), baseIm = sub<T>(im0, mul<T>(sumIm, half));
  keep<T>(ending, out, add<T>(re0, sumRe), add<T>(im0, sumIm));
  put<T>(ending, out + row, add<T>(baseRe, crossIm), sub<T>(baseIm, crossRe), w);
  put<T>(ending, out + 2 * row, sub<T>(baseRe, crossIm), add<T>(baseIm, crossRe), w + 8);
}

@inline
function radix4<T>(ending: Ending, input: usize, column: usize, out: usize, row: usize, w: usize): void {
  const re0 = load<T>(input), im0 = load<T>(input, sizeof<T>());
  const re1 = load<T>(input + column), im1 = load<T>(input + column, sizeof<T>());
  const re2 = load<T>(input + 2 * column), im2 = load<T>(input + 2 * column, sizeof<T>());
  const re3 = load<T>(input + 3 * column), im3 = load<T>(input + 3 * column, sizeof<T>());
  const evenRe = add<T>(re0, re2), evenIm = add<T>(im0, im2);
  const oddRe = add<T>(re1, re3), oddIm = add<T>(im1, im3);
  const acrossRe = sub<T>(re0, re2), acrossIm = sub<T>(im0, im2);
  const turnRe = sub<T>(im1, im3), turnIm = sub<T>(re3, re1); // −i·(x1 − x3)
  keep<T>(ending, out, add<T>(evenRe, oddRe), add<T>(evenIm, oddIm));
  put<T>(ending, out + row, add<T>(acrossRe, turnRe), add<T>(acrossIm, turnIm), w);
  put<T>(ending, out + 2 * row, sub<T>(evenRe, oddRe), sub<T>(evenIm, oddIm), w + 8);
  put<T>(ending, out + 3 * row, sub<T>(acrossRe, turnRe), sub<T>(acrossIm, turnIm), w + 16);
}

@inline
function radix5<T>(ending: Ending, input: usize, column: usize, out: usize, row: usize, w: usize): void {
  const re0 = load<T>(input), im0 = load<T>(input, sizeof<T>());
  const re1 = load<T>(input + column), im1 = load<T>(input + column, sizeof<T>());
  const re2 = load<T>(input + 2 * column), im2 = load<T>(input + 2 * column, sizeof<T>());
  const re3 = load<T>(input + 3 * column), im3 = load<T>(input + 3 * column, sizeof<T>());
  const re4 = load<T>(input + 4 * column), im4 = load<T>(input + 4 * column, sizeof<T>());
  const outerRe = add<T>(re1, re4), outerIm = add<T>(im1, im4);
  const innerRe = add<T>(re2, re3), innerIm = add<T>(im2, im3);
  const outerTurnRe = sub<T>(re1, re4), outerTurnIm = sub<T>(im1, im4);
  const innerTurnRe = sub<T>(re2, re3), innerTurnIm = sub<T>(im2, im3);
  keep<T>(ending, out, add<T>(re0, add<T>(outerRe, innerRe)), add<T>(im0, add<T>(outerIm, innerIm)));

  const c1 = splat<T>(COS_72), c2 = splat<T>(COS_144), s1 = splat<T>(SIN_72), s2 = splat<T>(SIN_144);
  const base1Re = add<T>(re0, add<T>(mul<T>(outerRe, c1), mul<T>(innerRe, c2)));
  const base1Im = add<T>(im0, add<T>(mul<T>(outerIm, c1), mul<T>(innerIm, c2)));
  const cross1Re = add<T>(mul<T>(outerTurnRe, s1), mul<T>(innerTurnRe, s2));
  const cross1Im = add<T>(mul<T>(outerTurnIm, s1), mul<T>(innerTurnIm, s2));
  put<T>(ending, out + row, add<T>(base1Re, cross1Im), sub<T>(base1Im, cross1Re), w);
  put<T>(ending, out + 4 * row, sub<T>(base1Re, cross1Im), add<T>(base1Im, cross1Re), w + 24);

  const base2Re = add<T>(re0, add<T>(mul<T>(outerRe, c2), mul<T>(innerRe, c1)));
  const base2Im = add<T>(im0, add<T>(mul<T>(outerIm, c2), mul<T>(innerIm, c1)));
  const cross2Re = sub<T>(mul<T>(outerTurnRe, s2), mul<T>(innerTurnRe, s1));
  const cross2Im = sub<T>(mul<T>(outerTurnIm, s2), mul<T>(innerTurnIm, s1));
  put<T>(ending, out + 2 * row, add<T>(base2Re, cross2Im), sub<T>(base2Im, cross2Re), w + 8);
  put<T>(ending, out + 3 * row, sub<T>(base2Re, cross2Im), add<T>(base2Im, cross2Re), w + 16);
}

/** Sums x[k] + x[k+4] make the even outputs; differences, turned by e^(−2πi·k/8), the odd ones: a radix 4 each. */
@inline
function radix8<T>(ending: Ending, input: usize, column: usize, out: usize, row: usize, w: usize): void {
  const x0Re = load<T>(input), x0Im = load<T>(input, sizeof<T>());
  const x4Re = load<T>(input + 4 * column), x4Im = load<T>(input + 4 * column, sizeof<T>());
  const a0Re = add<T>(x0Re, x4Re), a0Im = add<T>(x0Im, x4Im), b0Re = sub<T>(x0Re, x4Re), b0Im = sub<T>(x0Im, x4Im);
  const x2Re = load<T>(input + 2 * column), x2Im = load<T>(input + 2 * column, sizeof<T>());
  const x6Re = load<T>(input + 6 * column), x6Im = load<T>(input + 6 * column, sizeof<T>());
  const a2Re = add<T>(x2Re, x6Re), a2Im = add<T>(x2Im, x6Im), b2Re = sub<T>(x2Re, x6Re), b2Im = sub<T>(x2Im, x6Im);
  const x1Re = load<T>(input + column), x1Im = load<T>(input + column, sizeof<T>());
  const x5Re = load<T>(input + 5 * column), x5Im = load<T>(input + 5 * column, sizeof<T>());
  const a1Re = add<T>(x1Re, x5Re), a1Im = add<T>(x1Im, x5Im), b1Re = sub<T>(x1Re, x5Re), b1Im = sub<T>(x1Im, x5Im);
  const x3Re = load<T>(input + 3 * column), x3Im = load<T>(input + 3 * column, sizeof<T>());
  const x7Re = load<T>(input + 7 * column), x7Im = load<T>(input + 7 * column, sizeof<T>());
  const a3Re = add<T>(x3Re, x7Re), a3Im = add<T>(x3Im, x7Im), b3Re = sub<T>(x3Re, x7Re), b3Im = sub<T>(x3Im, x7Im);

  const evenRe = add<T>(a0Re, a2Re), evenIm = add<T>(a0Im, a2Im), oddRe = add<T>(a1Re, a3Re), oddIm = add<T>(a1Im, a3Im);
  keep<T>(ending, out, add<T>(evenRe, oddRe), add<T>(evenIm, oddIm));
  put<T>(ending, out + 4 * row, sub<T>(evenRe, oddRe), sub<T>(evenIm, oddIm), w + 24);
  const acrossRe = sub<T>(a0Re, a2Re), acrossIm = sub<T>(a0Im, a2Im), turnRe = sub<T>(a1Im, a3Im), turnIm = sub<T>(a3Re, a1Re);
  put<T>(ending, out + 2 * row, add<T>(acrossRe, turnRe), add<T>(acrossIm, turnIm), w + 8);
  put<T>(ending, out + 6 * row, sub<T>(acrossRe, turnRe), sub<T>(acrossIm, turnIm), w + 40);

  // b1·e^(−iπ/4) ± b3·e^(−3iπ/4), of which sum and difference share their products.
  const root = splat<T>(SQRT_HALF);
  const differenceRe = mul<T>(root, sub<T>(b1Re, b3Re)), differenceIm = mul<T>(root, sub<T>(b1Im, b3Im));
  const sumRe = mul<T>(root, add<T>(b1Re, b3Re)), sumIm = mul<T>(root, add<T>(b1Im, b3Im));
  const plusRe = add<T>(differenceRe, sumIm), plusIm = sub<T>(differenceIm, sumRe);
  const minusRe = add<T>(sumRe, differenceIm), minusIm = sub<T>(sumIm, differenceRe);
  const leftRe = add<T>(b0Re, b2Im), leftIm = sub<T>(b0Im, b2Re);
  put<T>(ending, out + row, add<T>(leftRe, plusRe), add<T>(leftIm, plusIm), w);
  put<T>(ending, out + 5 * row, sub<T>(leftRe, plusRe), sub<T>(leftIm, plusIm), w + 32);
  const rightRe = sub<T>(b0Re, b2Im), rightIm = add<T>(b0Im, b2Re);
  put<T>(ending, out + 3 * row, add<T>(rightRe, minusIm), sub<T>(rightIm, minusRe), w + 16);
  put<T>(ending, out + 7 * row, sub<T>(rightRe, minusIm), add<T>(rightIm, minusRe), w + 48);
}

/** All butterflies of one pass. `radix` and `ending` are compile-time constants. */
@inline
function butterflies<T>(radix: i32, ending: Ending, input: usize, out: usize, groups: i32, stride: i32, twiddles: usize): void {
  const row = <usize>stride << 3;
  const column = row * groups;
  for (let p = 0; p < groups; p++) {
    for (let q = 0; q < stride; q += laneCount<T>()) {
      if (radix == 8) radix8<T>(ending, input, column, out, row, twiddles);
      else if (radix == 4) radix4<T>(ending, input, column, out, row, twiddles);
      else if (radix == 2) radix2<T>(ending, input, column, out, row, twiddles);
      else if (radix == 3) radix3<T>(ending, input, column, out, row, twiddles);
      else radix5<T>(ending, input, column, out, row, twiddles);
      input += 2 * sizeof<T>();
      out += 2 * sizeof<T>();
    }
    out += (radix - 1) * row;
    twiddles += 8 * (radix - 1);
  }
}

@inline
function passWith<T>(radix: i32, ending: Ending, input: usize, out: usize, groups: i32, stride: i32, twiddles: usize): void {
  if (ending == TURNED) butterflies<T>(radix, TURNED, input, out, groups, stride, twiddles);
  else if (ending == PLAIN) butterflies<T>(radix, PLAIN, input, out, 1, stride, twiddles);
  else butterflies<T>(radix, EXCHANGED, input, out, 1, stride, twiddles);
}

export function pass2<T>(ending: Ending, input: usize, out: usize, groups: i32, stride: i32, twiddles: usize): void {
  passWith<T>(2, ending, input, out, groups, stride, twiddles);
}

export function pass3<T>(ending: Ending, input: usize, out: usize, groups: i32, stride: i32, twiddles: usize): void {
  passWith<T>(3, ending, input, out, groups, stride, twiddles);
}

export function pass4<T>(ending: Ending, input: usize, out: usize, groups: i32, stride: i32, twiddles: usize): void {
  passWith<T>(4, ending, input, out, groups, stride, twiddles);
}

export function pass5<T>(ending: Ending, input: usize, out: usize, groups: i32, stride: i32, twiddles: usize): void {
  passWith<T>(5, ending, input, out, groups, stride, twiddles);
}

export function pass8<T>(ending: Ending, input: usize, out: usize, groups: i32, stride: i32, twiddles: usize): void {
  passWith<T>(8, ending, input, out, groups, stride, twiddles);
}
