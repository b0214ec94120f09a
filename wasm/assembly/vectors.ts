import { add, laneCount, mul, splat } from './lanes';

/** Loops over f32 arrays: whole vectors first, what is left one by one. Nothing is read or written beyond `count`. */

@inline
function multiplySome<T>(a: usize, b: usize, out: usize, from: i32, count: i32): i32 {
  let i = from;
  for (; i + laneCount<T>() <= count; i += laneCount<T>()) {
    const at = <usize>i << 2;
    store<T>(out + at, mul<T>(load<T>(a + at), load<T>(b + at)));
  }
  return i;
}

/** out[i] = a[i]·b[i]. */
export function multiply(a: usize, b: usize, out: usize, count: i32): void {
  let done = 0;
  if (ASC_FEATURE_SIMD) done = multiplySome<v128>(a, b, out, 0, count);
  multiplySome<f32>(a, b, out, done, count);
}

@inline
function multiplyAddSome<T>(a: usize, b: usize, sum: usize, from: i32, count: i32): i32 {
  let i = from;
  for (; i + laneCount<T>() <= count; i += laneCount<T>()) {
    const at = <usize>i << 2;
    store<T>(sum + at, add<T>(load<T>(sum + at), mul<T>(load<T>(a + at), load<T>(b + at))));
  }
  return i;
}

/** sum[i] += a[i]·b[i]. */
export function multiplyAdd(a: usize, b: usize, sum: usize, count: i32): void {
  let done = 0;
  if (ASC_FEATURE_SIMD) done = multiplyAddSome<v128>(a, b, sum, 0, count);
  multiplyAddSome<f32>(a, b, sum, done, count);
}

/** Sum of the lanes. */
@inline
export function total<T>(a: T): f32 {
  if (isVector<T>()) {
    const pairs = f32x4.add(a, v128.shuffle<f32>(a, a, 2, 3, 0, 1));
    return f32x4.extract_lane(pairs, 0) + f32x4.extract_lane(pairs, 1);
  }
  return a as f32;
}

/** Four sums at once, so that an addition need not wait for the one before. */
@inline
function dotWith<T>(a: usize, b: usize, count: i32): f32 {
  const lanes = laneCount<T>();
  let sum0 = splat<T>(0), sum1 = splat<T>(0), sum2 = splat<T>(0), sum3 = splat<T>(0);
  const bulk = a + (<usize>(count & -(4 * lanes)) << 2);
  while (a < bulk) {
    sum0 = add<T>(sum0, mul<T>(load<T>(a), load<T>(b)));
    sum1 = add<T>(sum1, mul<T>(load<T>(a, sizeof<T>()), load<T>(b, sizeof<T>())));
    sum2 = add<T>(sum2, mul<T>(load<T>(a, 2 * sizeof<T>()), load<T>(b, 2 * sizeof<T>())));
    sum3 = add<T>(sum3, mul<T>(load<T>(a, 3 * sizeof<T>()), load<T>(b, 3 * sizeof<T>())));
    a += 4 * sizeof<T>();
    b += 4 * sizeof<T>();
  }
  const vectors = bulk + (<usize>(count & (4 * lanes - 1) & -lanes) << 2);
  for (; a < vectors; a += sizeof<T>(), b += sizeof<T>()) sum0 = add<T>(sum0, mul<T>(load<T>(a), load<T>(b)));
  let sum = total<T>(add<T>(add<T>(sum0, sum1), add<T>(sum2, sum3)));
  for (let left = count & (lanes - 1); left > 0; left--, a += 4, b += 4) sum += load<f32>(a) * load<f32>(b);
  return sum;
}

/** Σ a[i]·b[i]. */
@inline
export function dot(a: usize, b: usize, count: i32): f32 {
  if (ASC_FEATURE_SIMD) return dotWith<v128>(a, b, count);
  return dotWith<f32>(a, b, count);
}
