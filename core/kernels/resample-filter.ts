import { roundUp } from './heap.ts';

/** A low-pass cut into phases: filter p, of `taps` values, gives the signal at p/phases of a sample after a sample. */
export interface FilterBank {
  readonly phases: number;
  /** A multiple of 8. The filter of phase 0 has its centre at index taps/2 − 1. */
  readonly taps: number;
  /** Whether values between two phases are meant to be interpolated: then one more row follows, phase 0 one sample later. */
  readonly interpolated: boolean;
  /** [phases or phases + 1, taps]. */
  readonly values: Float32Array<ArrayBuffer>;
}

/** Band limits relative to the lower of the two Nyquist frequencies: flat up to the first, silent from the second on. */
const PASS_EDGE = 0.91;
const STOP_EDGE = 1;
/** Half the filter's length, in samples at the lower rate. */
const HALF_WIDTH = 64;
/** Ripple of pass and stop band in decibels that a Kaiser window of that length and transition has. */
const ATTENUATION_DECIBELS = 8 + 2.285 * Math.PI * (STOP_EDGE - PASS_EDGE) * 2 * HALF_WIDTH;

/**
 * Low-pass for going from `inputRate` to `outputRate` (any unit, only the ratio counts), cut into `phases`.
 *
 * A Kaiser-windowed sinc (J. F. Kaiser 1974; Oppenheim & Schafer, Discrete-Time Signal Processing, 7.6): symmetric, so of
 * linear phase; each phase is scaled to a sum of 1, so a constant stays that constant at every output.
 */
export function resamplingFilter(
  inputRate: number,
  outputRate: number,
  phases: number,
  interpolated: boolean,
): FilterBank {
  const narrowing = Math.min(1, outputRate / inputRate);
  return sincBank({
    phases,
    interpolated,
    halfWidth: HALF_WIDTH / narrowing,
    cutoff: (narrowing * (PASS_EDGE + STOP_EDGE)) / 2,
    attenuationDecibels: ATTENUATION_DECIBELS,
  });
}

export interface SincShape {
  readonly phases: number;
  readonly interpolated: boolean;
  /** In input samples. */
  readonly halfWidth: number;
  /** Middle of the transition, relative to the input's Nyquist frequency. */
  readonly cutoff: number;
  readonly attenuationDecibels: number;
}

/** Kaiser-windowed sinc in phases, each scaled to a sum of 1. */
export function sincBank({ phases, interpolated, halfWidth, cutoff, attenuationDecibels }: SincShape): FilterBank {
  const taps = roundUp(2 * Math.ceil(halfWidth), 8);
  const beta = kaiserBeta(attenuationDecibels);
  const rows = interpolated ? phases + 1 : phases;
  const values = new Float32Array(rows * taps);
  for (let row = 0; row <= phases / 2; row++) {
    const filter = new Float64Array(taps);
    for (let tap = 0; tap < taps; tap++) {
      const time = row / phases + taps / 2 - 1 - tap;
      const place = time / halfWidth;
      if (Math.abs(place) < 1) filter[tap] = sinc(cutoff * time) * besselI0(beta * Math.sqrt(1 - place * place));
    }
    const sum = filter.reduce((total, value) => total + value, 0);
    const scaled = Float32Array.from(filter, (value) => value / sum);
    values.set(scaled, row * taps);
    // The sinc is symmetric, so the phase as far before the next sample has the same filter backwards.
    if (phases - row < rows) values.set(scaled.reverse(), (phases - row) * taps);
  }
  return { phases, taps, interpolated, values };
}

/** Shape of the Kaiser window for a ripple of `decibels`, above 50. */
function kaiserBeta(decibels: number): number {
  return 0.1102 * (decibels - 8.7);
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}

/** Modified Bessel function of the first kind, order 0, by its power series Σ ((x/2)^k / k!)². */
function besselI0(x: number): number {
  const quarter = (x * x) / 4;
  let term = 1;
  let sum = 1;
  for (let k = 1; term > sum * 1e-16; k++) {
    term *= quarter / (k * k);
    sum += term;
  }
  return sum;
}
