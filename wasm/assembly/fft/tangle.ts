import { add, mul, splat, sub } from '../lanes';
import { FftPlan } from './plan';

/**
 * Between the spectrum X of N real samples and the transform Z of their M = N/2 complex points (even samples the real
 * parts, odd samples the imaginary parts). With E = ½(Z[k] + Z*[M−k]) and O = −½i(Z[k] − Z*[M−k]):
 *
 *   X[k] = E + e^(−2πik/N)·O        X*[M−k] = E − e^(−2πik/N)·O
 *
 * so bins k and M − k are made together, k = 0 … M/2. Vectors take k … k+3 and, mirrored, M−k … M−k−3; near M/2 both
 * may write the same bin, with the same value but for rounding.
 */

@inline
function mirrored(a: v128): v128 {
  return v128.shuffle<f32>(a, a, 3, 2, 1, 0);
}

/** The vector's two points exchanged. Interleaving and then this is two machine shuffles; both at once would go through memory tables. */
@inline
function pointsSwapped(a: v128): v128 {
  return v128.shuffle<f32>(a, a, 2, 3, 0, 1);
}

/** Lane 0 of the higher block, then lanes 3, 2, 1 of the one below it: four points counted backwards. */
@inline
function backwards(low: v128, high: v128): v128 {
  return v128.shuffle<f32>(low, high, 4, 3, 2, 1);
}

/** Stores X[k …] at `at` and, for a vector backwards, X[M−k …] at `mirror` (bytes from a spectrum's start). */
@inline
function untanglePair<T>(plan: FftPlan, aRe: T, aIm: T, bRe: T, bIm: T, outRe: usize, outIm: usize, at: usize, mirror: usize): void {
  const half = splat<T>(0.5);
  const cos = load<T>(plan.rotationCos + at), sin = load<T>(plan.rotationSin + at);
  const evenRe = mul<T>(half, add<T>(aRe, bRe)), evenIm = mul<T>(half, sub<T>(aIm, bIm));
  const oddRe = add<T>(aIm, bIm), oddIm = sub<T>(bRe, aRe);
  const turnedRe = sub<T>(mul<T>(cos, oddRe), mul<T>(sin, oddIm));
  const turnedIm = add<T>(mul<T>(cos, oddIm), mul<T>(sin, oddRe));
  store<T>(outRe + at, add<T>(evenRe, turnedRe));
  store<T>(outIm + at, add<T>(evenIm, turnedIm));
  const mirrorRe = sub<T>(evenRe, turnedRe), mirrorIm = sub<T>(turnedIm, evenIm);
  if (isVector<T>()) {
    v128.store(outRe + mirror - 12, mirrored(mirrorRe));
    v128.store(outIm + mirror - 12, mirrored(mirrorIm));
  } else {
    store<T>(outRe + mirror, mirrorRe);
    store<T>(outIm + mirror, mirrorIm);
  }
}

/** X from blocks of Z (passes.ts). Writes bins 0 … M. */
@inline
export function untangle<T>(plan: FftPlan, z: usize, outRe: usize, outIm: usize): void {
  let mirror = <usize>plan.half << 2;
  const end = mirror >> 1;
  // Z has period M: Z[M] is Z[0].
  let highRe = load<T>(z), highIm = load<T>(z, sizeof<T>());
  for (let at: usize = 0; at <= end; at += sizeof<T>(), mirror -= sizeof<T>()) {
    const aRe = load<T>(z + 2 * at), aIm = load<T>(z + 2 * at, sizeof<T>());
    const below = z + 2 * mirror - 2 * sizeof<T>();
    const lowRe = load<T>(below), lowIm = load<T>(below, sizeof<T>());
    if (isVector<T>()) untanglePair<T>(plan, aRe, aIm, backwards(lowRe, highRe), backwards(lowIm, highIm), outRe, outIm, at, mirror);
    else untanglePair<T>(plan, aRe, aIm, highRe, highIm, outRe, outIm, at, mirror);
    highRe = lowRe; highIm = lowIm;
  }
}

/**
 * Z/M from X, with real and imaginary parts exchanged (the inverse is the forward transform of exchanged parts) and
 * alternating. Writes points 0 … M, the last being of no use.
 */
@inline
export function tangle<T>(plan: FftPlan, inRe: usize, inIm: usize, z: usize): void {
  const half = splat<T>(<f32>(1.0 / <f64>plan.size));
  const whole = splat<T>(<f32>(1.0 / <f64>plan.half));
  let mirror = <usize>plan.half << 2;
  const end = mirror >> 1;
  for (let at: usize = 0; at <= end; at += sizeof<T>(), mirror -= sizeof<T>()) {
    const aRe = load<T>(inRe + at), aIm = load<T>(inIm + at);
    let bRe: T, bIm: T;
    if (isVector<T>()) {
      bRe = mirrored(v128.load(inRe + mirror - 12));
      bIm = mirrored(v128.load(inIm + mirror - 12));
    } else {
      bRe = load<T>(inRe + mirror);
      bIm = load<T>(inIm + mirror);
    }
    const cos = load<T>(plan.rotationCos + at), sin = load<T>(plan.rotationSin + at);
    const evenRe = mul<T>(half, add<T>(aRe, bRe)), evenIm = mul<T>(half, sub<T>(aIm, bIm));
    const differenceRe = mul<T>(whole, sub<T>(aRe, bRe)), differenceIm = mul<T>(whole, add<T>(aIm, bIm));
    const oddRe = add<T>(mul<T>(cos, differenceRe), mul<T>(sin, differenceIm));
    const oddIm = sub<T>(mul<T>(cos, differenceIm), mul<T>(sin, differenceRe));
    const zRe = sub<T>(evenRe, oddIm), zIm = add<T>(evenIm, oddRe);
    const mirrorRe = add<T>(evenRe, oddIm), mirrorIm = sub<T>(oddRe, evenIm);
    const forth = z + 2 * at, back = z + 2 * mirror;
    if (isVector<T>()) {
      v128.store(forth, v128.shuffle<f32>(zIm, zRe, 0, 4, 1, 5));
      v128.store(forth, v128.shuffle<f32>(zIm, zRe, 2, 6, 3, 7), 16);
      v128.store(back - 24, pointsSwapped(v128.shuffle<f32>(mirrorIm, mirrorRe, 2, 6, 3, 7)));
      v128.store(back - 8, pointsSwapped(v128.shuffle<f32>(mirrorIm, mirrorRe, 0, 4, 1, 5)));
    } else {
      store<T>(forth, zIm);
      store<T>(forth, zRe, sizeof<T>());
      store<T>(back, mirrorIm);
      store<T>(back, mirrorRe, sizeof<T>());
    }
  }
}
