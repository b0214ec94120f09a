import { add, laneCount, max, mul, splat, sub } from '../lanes';

/** Element by element over rows of channels, f32. */

/** 1/π, and π in two parts: the first has 11 bits, so that its product with a whole number below 8192 is exact. */
const INVERSE_PI: f32 = 0.3183098861837907;
const PI_HIGH: f32 = 3.140625;
const PI_LOW: f32 = 9.67653589793e-4;

/** sin r on |r| ≤ π/2 by its minimax polynomial of degree 9, off by at most 5e-9. */
@inline
function sineSeries<T>(r: T): T {
  const square = mul<T>(r, r);
  let sum = splat<T>(2.6000545600746717e-6);
  sum = add<T>(mul<T>(sum, square), splat<T>(-0.00019806615103678068));
  sum = add<T>(mul<T>(sum, square), splat<T>(0.008333017290134602));
  sum = add<T>(mul<T>(sum, square), splat<T>(-0.16666657096441473));
  return add<T>(r, mul<T>(mul<T>(r, square), sum));
}

@inline
function nearestWhole<T>(x: T): T {
  if (isVector<T>()) return f32x4.nearest(x);
  return nearest<f32>(x as f32) as T;
}

/** sin² x, whose period is π. The error grows with |x|: 2e-7 below 10, 1e-6 · |x|/50 beyond. */
@inline
function sineSquared<T>(x: T): T {
  const turns = nearestWhole<T>(mul<T>(x, splat<T>(INVERSE_PI)));
  const r = sub<T>(sub<T>(x, mul<T>(turns, splat<T>(PI_HIGH))), mul<T>(turns, splat<T>(PI_LOW)));
  const sine = sineSeries<T>(r);
  return mul<T>(sine, sine);
}

@inline
function snakeWith<T>(input: usize, out: usize, rows: i32, width: i32, alpha: usize, inverse: usize): void {
  const bytes = <usize>width << 2;
  for (; rows > 0; rows--) {
    for (let at: usize = 0; at < bytes; at += sizeof<T>()) {
      const x = load<T>(input + at);
      store<T>(out + at, add<T>(x, mul<T>(load<T>(inverse + at), sineSquared<T>(mul<T>(x, load<T>(alpha + at))))));
    }
    input += bytes;
    out += bytes;
  }
}

/** out [rows, width] = x + inverse·sin²(alpha·x), where `alpha` and `inverse` are [width], a multiple of 4. `out` may be `input`. */
export function snake(input: usize, out: usize, rows: i32, width: i32, alpha: usize, inverse: usize): void {
  if (ASC_FEATURE_SIMD) snakeWith<v128>(input, out, rows, width, alpha, inverse);
  else snakeWith<f32>(input, out, rows, width, alpha, inverse);
}

@inline
function leakyReluWith<T>(values: usize, count: i32, slope: f32): void {
  for (let i = 0; i < count; i += laneCount<T>(), values += sizeof<T>()) {
    const x = load<T>(values);
    store<T>(values, max<T>(x, mul<T>(x, splat<T>(slope))));
  }
}

/** values[i] = values[i] < 0 ? slope·values[i] : values[i], for a slope in 0 … 1. `count`: a multiple of 4. */
export function leakyRelu(values: usize, count: i32, slope: f32): void {
  if (ASC_FEATURE_SIMD) leakyReluWith<v128>(values, count, slope);
  else leakyReluWith<f32>(values, count, slope);
}
