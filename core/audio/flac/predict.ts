/** A linear predictor of a subframe and what it leaves over. */
export interface Prediction {
  readonly kind: 'fixed' | 'linear';
  readonly order: number;
  /** Of `linear`: integer coefficients, the nearest sample first, and the right shift of their sum. */
  readonly coefficients: readonly number[];
  readonly shift: number;
  /** The first `order` values are unused. */
  readonly residual: Int32Array;
}

/** Bits of a quantized coefficient, its sign included. */
export const coefficientBits = 14;
const linearOrder = 10;

/** Coefficients of the fixed predictors of order 0 to 4 (RFC 9639, section 9.2.5). */
export const fixedCoefficients: readonly (readonly number[])[] = [[], [1], [2, -1], [3, -3, 1], [4, -6, 4, -1]];

/** All predictions worth comparing for a block of integer samples. */
export function predictions(samples: Int32Array): Prediction[] {
  const fixed = fixedCoefficients
    .filter((coefficients) => coefficients.length < samples.length)
    .map((coefficients) => predict('fixed', samples, coefficients, 0));
  const linear = samples.length > 4 * linearOrder ? linearPrediction(samples) : undefined;
  return linear ? [...fixed, linear] : fixed;
}

function linearPrediction(samples: Int32Array): Prediction | undefined {
  const exact = levinson(autocorrelation(samples, linearOrder), linearOrder);
  if (!exact) return undefined;
  const largest = Math.max(...exact.map(Math.abs));
  const limit = 2 ** (coefficientBits - 1);
  const shift = Math.min(15, Math.floor(Math.log2((limit - 1) / Math.max(largest, 1e-9))));
  if (shift < 0) return undefined;
  const quantized = exact.map((value) => Math.max(-limit, Math.min(limit - 1, Math.round(value * 2 ** shift))));
  return predict('linear', samples, quantized, shift);
}

/** The residual; sums stay below 2^53, so doubles hold them exactly. */
function predict(
  kind: Prediction['kind'],
  samples: Int32Array,
  coefficients: readonly number[],
  shift: number,
): Prediction {
  const order = coefficients.length;
  const factors = Float64Array.from(coefficients);
  const residual = new Int32Array(samples.length);
  const scale = 2 ** -shift;
  for (let i = order; i < samples.length; i++) {
    let sum = 0;
    for (let k = 0; k < order; k++) sum += (factors[k] ?? 0) * (samples[i - 1 - k] ?? 0);
    residual[i] = (samples[i] ?? 0) - Math.floor(sum * scale);
  }
  return { kind, order, coefficients, shift, residual };
}

/** Autocorrelation at lags 0..order under a Welch window. */
function autocorrelation(samples: Int32Array, order: number): Float64Array {
  const half = (samples.length - 1) / 2;
  const windowed = new Float64Array(samples.length);
  for (let i = 0; i < windowed.length; i++) windowed[i] = (samples[i] ?? 0) * (1 - ((i - half) / (half + 1)) ** 2);
  const correlation = new Float64Array(order + 1);
  for (let lag = 0; lag <= order; lag++) {
    let sum = 0;
    for (let i = lag; i < windowed.length; i++) sum += (windowed[i] ?? 0) * (windowed[i - lag] ?? 0);
    correlation[lag] = sum;
  }
  return correlation;
}

/** Levinson–Durbin recursion; undefined for a signal without energy. */
function levinson(correlation: Float64Array, order: number): number[] | undefined {
  let error = correlation[0] ?? 0;
  if (error <= 0) return undefined;
  let coefficients: number[] = [];
  for (let i = 0; i < order; i++) {
    const predicted = coefficients.reduce((sum, value, k) => sum + value * (correlation[i - k] ?? 0), 0);
    const reflection = ((correlation[i + 1] ?? 0) - predicted) / error;
    const mirrored = coefficients.toReversed();
    coefficients = [...coefficients.map((value, k) => value - reflection * (mirrored[k] ?? 0)), reflection];
    error *= 1 - reflection ** 2;
    if (error <= 0) break;
  }
  return coefficients;
}
