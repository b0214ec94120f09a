/**
 * Arithmetic on `T`, which is either `f32` (one lane) or `v128` (four lanes of f32). A kernel written over `T` is
 * compiled for both widths: the SIMD build uses both (vectors for the bulk, single values for remainders), the scalar
 * build only `f32`. The untaken branches vanish at compile time. All pointers are in bytes.
 */

/** How many samples a `T` holds: 1 or 4. */
@inline
export function laneCount<T>(): i32 {
  return isVector<T>() ? 4 : 1;
}

@inline
export function add<T>(a: T, b: T): T {
  if (isVector<T>()) return f32x4.add(a, b);
  return a + b;
}

@inline
export function sub<T>(a: T, b: T): T {
  if (isVector<T>()) return f32x4.sub(a, b);
  return a - b;
}

@inline
export function mul<T>(a: T, b: T): T {
  if (isVector<T>()) return f32x4.mul(a, b);
  return a * b;
}

@inline
export function div<T>(a: T, b: T): T {
  if (isVector<T>()) return f32x4.div(a, b);
  return a / b;
}

@inline
export function sqrtLanes<T>(a: T): T {
  if (isVector<T>()) return f32x4.sqrt(a);
  return f32.sqrt(a as f32) as T;
}

@inline
export function min<T>(a: T, b: T): T {
  if (isVector<T>()) return f32x4.min(a, b);
  return f32.min(a, b);
}

@inline
export function max<T>(a: T, b: T): T {
  if (isVector<T>()) return f32x4.max(a, b);
  return f32.max(a, b);
}

/** The same value in every lane. */
@inline
export function splat<T>(value: f32): T {
  if (isVector<T>()) return f32x4.splat(value);
  return value as T;
}

/** The one f32 at `pointer + offset` in every lane. */
@inline
export function loadSplat<T>(pointer: usize, offset: usize = 0): T {
  if (isVector<T>()) return v128.load32_splat(pointer + offset);
  return load<f32>(pointer + offset) as T;
}
