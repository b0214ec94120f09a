import { add, max, min, mul, splat, sub } from './lanes';

/**
 * Exponential and natural logarithm over `T` = f32 | v128. Relative error of exp and absolute error of log near 1 stay
 * below 3e-7, both being truncated series after exact range reduction by powers of two.
 */

const LOG2_E: f32 = 1.4426950408889634;
/** ln 2 in two parts; the first has trailing zeros, so that its product with a small integer is exact. */
const LN2_HIGH: f32 = 0.693359375;
const LN2_LOW: f32 = -2.12194440e-4;
const SQRT_HALF_BITS: i32 = 0x3f3504f3;

/** 1/k! of the Taylor series on |r| ≤ ½ ln 2; the first term left out is 5e-9. */
@inline
function expSeries<T>(r: T): T {
  let sum = splat<T>(1.0 / 5040.0);
  sum = add<T>(mul<T>(sum, r), splat<T>(1.0 / 720.0));
  sum = add<T>(mul<T>(sum, r), splat<T>(1.0 / 120.0));
  sum = add<T>(mul<T>(sum, r), splat<T>(1.0 / 24.0));
  sum = add<T>(mul<T>(sum, r), splat<T>(1.0 / 6.0));
  sum = add<T>(mul<T>(sum, r), splat<T>(0.5));
  sum = add<T>(mul<T>(sum, r), splat<T>(1));
  return add<T>(mul<T>(sum, r), splat<T>(1));
}

/** e^x; x is limited to −87…88. */
@inline
export function expLanes<T>(x: T): T {
  const limited = max<T>(min<T>(x, splat<T>(88)), splat<T>(-87));
  const scaled = mul<T>(limited, splat<T>(LOG2_E));
  if (isVector<T>()) {
    const n = f32x4.nearest(scaled);
    const r = sub<T>(sub<T>(limited, mul<T>(n, splat<T>(LN2_HIGH))), mul<T>(n, splat<T>(LN2_LOW)));
    const power = i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(n), i32x4.splat(127)), 23);
    return mul<T>(expSeries<T>(r), power);
  }
  const n = nearest<f32>(<f32>scaled);
  const r = <f32>limited - n * LN2_HIGH - n * LN2_LOW;
  return (expSeries<f32>(r) * reinterpret<f32>((<i32>n + 127) << 23)) as T;
}

/** 2·artanh(s) = ln((1+s)/(1−s)) on |s| ≤ 0.172; the first term left out is 1e-9. */
@inline
function logSeries<T>(s: T): T {
  const square = mul<T>(s, s);
  let sum = splat<T>(2.0 / 9.0);
  sum = add<T>(mul<T>(sum, square), splat<T>(2.0 / 7.0));
  sum = add<T>(mul<T>(sum, square), splat<T>(2.0 / 5.0));
  sum = add<T>(mul<T>(sum, square), splat<T>(2.0 / 3.0));
  sum = add<T>(mul<T>(sum, square), splat<T>(2.0));
  return mul<T>(sum, s);
}

/** ln x for normal x > 0. */
@inline
export function logLanes<T>(x: T): T {
  // x = m·2^e with m in √½ … √2, by arithmetic on the bits.
  if (isVector<T>()) {
    const offset = i32x4.sub(x, i32x4.splat(SQRT_HALF_BITS));
    const exponent = i32x4.shr_s(offset, 23);
    const mantissa = i32x4.sub(x, i32x4.shl(exponent, 23));
    const s = f32x4.div(f32x4.sub(mantissa, f32x4.splat(1)), f32x4.add(mantissa, f32x4.splat(1)));
    const e = f32x4.convert_i32x4_s(exponent);
    return add<T>(add<T>(logSeries<T>(s), mul<T>(e, splat<T>(LN2_LOW))), mul<T>(e, splat<T>(LN2_HIGH)));
  }
  const bits = reinterpret<i32>(<f32>x);
  const exponent = (bits - SQRT_HALF_BITS) >> 23;
  const mantissa = reinterpret<f32>(bits - (exponent << 23));
  const e = <f32>exponent;
  return (logSeries<f32>((mantissa - 1) / (mantissa + 1)) + e * LN2_LOW + e * LN2_HIGH) as T;
}
