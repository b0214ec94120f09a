/**
 * The matrices of a short convolution with few products, after Toom and Cook (Winograd's "minimal filtering"; S. Winograd, Arithmetic
 * Complexity of Computations, 1980): `outputs` sums y[t] = Σ_j w[j]·x[t + j] over `taps` values are
 *
 *     y = back · ((weights · w) ⊙ (forth · x)),
 *
 * with outputs + taps − 1 products instead of outputs · taps. Where w and x are matrices or rows of channels, so are the products.
 */
export interface ToomCook {
  readonly outputs: number;
  readonly taps: number;
  /** outputs + taps − 1. */
  readonly products: number;
  /** [products, products], row-major. */
  readonly forth: Float64Array;
  /** [products, taps]. */
  readonly weights: Float64Array;
  /** [outputs, products]. */
  readonly back: Float64Array;
}

/**
 * The matrices for `outputs + taps − 2` different points, at which polynomials are evaluated; the last point is ∞. Points near ±1 whose powers
 * are exact (0, ±1, ±2, ±½) round off least.
 */
export function toomCook(outputs: number, taps: number, points: readonly number[]): ToomCook {
  const products = outputs + taps - 1;
  if (points.length !== products - 1) throw new RangeError(`${products - 1} points wanted, not ${points.length}`);
  const forth = new Float64Array(products * products);
  const weights = new Float64Array(products * taps);
  const back = new Float64Array(outputs * products);
  for (const [row, point] of points.entries()) {
    const others = points.filter((other) => other !== point);
    forth.set(polynomial(others), row * products);
    const scale = others.reduce((product, other) => product * (point - other), 1);
    for (let tap = 0; tap < taps; tap++) weights[row * taps + tap] = point ** tap / scale;
    for (let output = 0; output < outputs; output++) back[output * products + row] = point ** output;
  }
  forth.set(polynomial(points), (products - 1) * products);
  weights[products * taps - 1] = 1;
  back[outputs * products - 1] = 1;
  return { outputs, taps, products, forth, weights, back };
}

/** Coefficients of Π (x − root), the constant one first. */
function polynomial(roots: readonly number[]): number[] {
  const coefficients = [1];
  for (const root of roots) {
    coefficients.push(0);
    for (let power = coefficients.length - 1; power >= 0; power--) {
      coefficients[power] = (coefficients[power - 1] ?? 0) - root * (coefficients[power] as number);
    }
  }
  return coefficients;
}
