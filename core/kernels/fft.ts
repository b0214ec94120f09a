import { roundUp } from './heap.ts';
import type { F32Block, Kernels } from './module.ts';

/** Words of `FftPlan` and of `FftPass` in wasm/assembly/fft/plan.ts. */
const PLAN_WORDS = 10;
const PASS_WORDS = 4;

/**
 * Real discrete Fourier transform of one size N, and its inverse: mixed radix 2, 3, 4, 5, 8 in f32.
 *
 * A spectrum is split, which is what vector code likes best: real parts of bins 0 … N/2 first, imaginary parts of the
 * same bins `stride` floats later; `stride` is N/2 + 1 rounded up to a multiple of 4, and a spectrum takes
 * `spectrumLength` = 2·stride floats. The floats between are zero. Values as numpy.fft.rfft and irfft (inverse divided by N).
 */
export class RealFft {
  /** N, the number of samples. */
  readonly size: number;
  /** N/2 + 1. */
  readonly bins: number;
  /** Floats from a bin's real part to its imaginary part. */
  readonly stride: number;
  /** Floats of a whole spectrum. */
  readonly spectrumLength: number;
  /** Address of the plan, for kernels that transform inside (`rfft(plan, …)`). */
  readonly plan: number;
  readonly #kernels: Kernels;

  /** Prefer `realFft`, which shares plans. `size`: even, 8 or more, no prime factor above 5; else `RangeError`. */
  constructor(kernels: Kernels, size: number) {
    const radices = size >= 8 ? factor(size / 2) : null;
    if (!radices) throw new RangeError(`FFT size ${size}: even, at least 8, with no prime factor above 5`);
    this.size = size;
    this.bins = size / 2 + 1;
    this.stride = roundUp(this.bins, 4);
    this.spectrumLength = 2 * this.stride;
    this.#kernels = kernels;
    this.plan = layOut(kernels, size, this.stride, radices);
  }

  /** `input`: address of N samples; `output`: address of a spectrum. They may be the same. */
  forward(input: number, output: number): void {
    this.#kernels.exports.rfft(this.plan, input, output);
  }

  /** `input`: address of a spectrum whose bins 0 and N/2 are real; `output`: address of N samples. They may be the same. */
  inverse(input: number, output: number): void {
    this.#kernels.exports.irfft(this.plan, input, output);
  }

  /** A temporary block for one spectrum. */
  allocSpectrum(): F32Block {
    return this.#kernels.allocF32(this.spectrumLength);
  }
}

const shared = new WeakMap<Kernels, Map<number, RealFft>>();

/** The transform of that size; its plan is laid out on first use and lives as long as the kernels. */
export function realFft(kernels: Kernels, size: number): RealFft {
  const plans = shared.get(kernels) ?? new Map<number, RealFft>();
  shared.set(kernels, plans);
  const found = plans.get(size) ?? new RealFft(kernels, size);
  plans.set(size, found);
  return found;
}

/**
 * Radices of the passes, or null where a larger prime is in the way. A four comes first, for that pass has a vector form;
 * then eights, as they cross the memory least often.
 */
function factor(points: number): number[] | null {
  const radices: number[] = [];
  let rest = points;
  const take = (radix: number) => {
    radices.push(radix);
    rest /= radix;
  };
  if (rest % 4 === 0) take(4);
  while (rest % 8 === 0 && rest % 32 !== 16) take(8);
  for (const radix of [4, 2, 3, 5]) while (rest > 1 && rest % radix === 0) take(radix);
  return rest === 1 ? radices : null;
}

/** Lays plan, tables and scratch into memory, as wasm/assembly/fft/plan.ts describes them; gives the plan's address. */
function layOut(kernels: Kernels, size: number, stride: number, radices: readonly number[]): number {
  const half = size / 2;
  const vector = kernels.build === 'simd' && radices[0] === 4 && half >= 8;
  const rotationLength = Math.floor(half / 2) + 4;
  const rotationCos = kernels.reserveF32(rotationLength);
  const rotationSin = kernels.reserveF32(rotationLength);
  for (let k = 0; k < rotationLength; k++) {
    const angle = (2 * Math.PI * k) / size;
    rotationCos.view[k] = 0.5 * Math.cos(angle);
    rotationSin.view[k] = -0.5 * Math.sin(angle);
  }
  const scratch = [kernels.reserveF32(size + 8), kernels.reserveF32(size + 8)];

  const plan = kernels.reserveI32(PLAN_WORDS + PASS_WORDS * radices.length);
  const passes = plan.pointer + 4 * PLAN_WORDS;
  const addresses = [...scratch, rotationCos, rotationSin].map((block) => block.pointer);
  plan.view.set([size, half, stride, ...addresses, vector ? 1 : 0, radices.length, passes]);

  let passStride = 1;
  for (const [index, radix] of radices.entries()) {
    const groups = half / (passStride * radix);
    const inBlocks = vector && index === 0;
    const twiddles = kernels.reserveF32(2 * radix * groups);
    twiddles.view.set(inBlocks ? blockTwiddles(groups) : pairTwiddles(radix, groups));
    plan.view.set([radix, groups, passStride, twiddles.pointer], PLAN_WORDS + PASS_WORDS * index);
    passStride *= radix;
  }
  return plan.pointer;
}

/** Angle of w^(j·p), w = e^(−2πi / order), reduced first so that it stays exact. */
function twiddleAngle(j: number, p: number, order: number): number {
  return (-2 * Math.PI * ((j * p) % order)) / order;
}

/** For each p the cos and sin of j = 1 … radix − 1. */
function pairTwiddles(radix: number, groups: number): number[] {
  const factors: number[] = [];
  for (let p = 0; p < groups; p++) {
    for (let j = 1; j < radix; j++) {
      const angle = twiddleAngle(j, p, groups * radix);
      factors.push(Math.cos(angle), Math.sin(angle));
    }
  }
  return factors;
}

/** For each p the cosines of j = 0 … 3, then the sines. */
function blockTwiddles(groups: number): number[] {
  const factors: number[] = [];
  for (let p = 0; p < groups; p++) {
    const angles = [0, 1, 2, 3].map((j) => twiddleAngle(j, p, 4 * groups));
    factors.push(...angles.map(Math.cos), ...angles.map(Math.sin));
  }
  return factors;
}
