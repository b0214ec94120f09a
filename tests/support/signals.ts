import { join } from 'node:path';

/** Signals that tests are fed with, and measures of what comes back. `glide` has a twin in wasm/fixtures/make.py. */

/** A buzz whose pitch glides from 120 Hz upwards by 160 Hz a second, harmonics falling as 1/h, never above 0.6. */
export function glide(length: number, sampleRate: number, harmonics = 40): Float32Array<ArrayBuffer> {
  return Float32Array.from({ length }, (_, i) => {
    const t = i / sampleRate;
    const phase = 2 * Math.PI * (120 * t + 80 * t * t);
    let sum = 0;
    for (let h = 1; h <= harmonics; h++) sum += (0.3 / h) * Math.sin(h * phase + h * h);
    return sum;
  });
}

/** `amplitude`·sin(2π·hz·t + phase). */
export function sine(
  length: number,
  sampleRate: number,
  hz: number,
  amplitude = 1,
  phase = 0,
): Float32Array<ArrayBuffer> {
  return Float32Array.from({ length }, (_, i) => amplitude * Math.sin((2 * Math.PI * hz * i) / sampleRate + phase));
}

/** Uniform noise in −1..1, the same for the same seed. */
export function noise(length: number, seed = 1): Float32Array<ArrayBuffer> {
  let state = seed >>> 0;
  return Float32Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  });
}

/** Σx². */
export function energy(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += (values[i] ?? 0) ** 2;
  return sum;
}

/** Energy of `expected` over that of the difference, in decibels. Throws where the lengths differ. */
export function snrDecibels(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) throw new Error(`length ${actual.length} instead of ${expected.length}`);
  let error = 0;
  for (let i = 0; i < expected.length; i++) error += ((actual[i] ?? Number.NaN) - (expected[i] ?? 0)) ** 2;
  return 10 * Math.log10(energy(expected) / error);
}

/** ‖actual − expected‖ / ‖expected‖. */
export function relativeError(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  return 10 ** (-snrDecibels(actual, expected) / 20);
}

/** An array as wasm/fixtures/make.py stores it. */
export interface PackedArray {
  readonly shape: readonly number[];
  readonly f32: string;
}

export function unpack({ f32 }: PackedArray): Float32Array {
  return new Float32Array(Uint8Array.fromBase64(f32).buffer);
}

/** The golden values in wasm/fixtures/`name`.json. */
export function fixture(name: string): Promise<unknown> {
  return Bun.file(join(import.meta.dir, `../../wasm/fixtures/${name}.json`)).json();
}
