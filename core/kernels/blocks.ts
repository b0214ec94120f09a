import type { Block, Kernels } from './module.ts';

export type F64Block = Block<Float64Array<ArrayBuffer>>;

/** Temporary f64 elements, zero-filled, gone when the kernels' scope ends. */
export function allocF64(kernels: Kernels, length: number): F64Block {
  const block = kernels.allocF32(2 * length);
  return {
    pointer: block.pointer,
    length,
    get view() {
      return new Float64Array(kernels.exports.memory.buffer, block.pointer, length);
    },
  };
}

/** A temporary f64 copy, gone when the kernels' scope ends. */
export function copyF64(kernels: Kernels, values: ArrayLike<number>): F64Block {
  const block = allocF64(kernels, values.length);
  block.view.set(values);
  return block;
}

/** Fills `target` with `samples` from index `start` on; beyond either end the last sample there is repeated. */
export function readRepeated(samples: Float32Array, start: number, target: Float32Array): void {
  if (samples.length === 0) return;
  readPadded(samples, start, target);
  const before = Math.min(Math.max(-start, 0), target.length);
  const after = Math.min(Math.max(samples.length - start, 0), target.length);
  target.fill(samples[0] ?? 0, 0, before);
  target.fill(samples[samples.length - 1] ?? 0, after);
}

/** Fills `target` with `samples` from index `start` on, and with 0 beyond either end. */
export function readPadded(samples: Float32Array, start: number, target: Float32Array): void {
  target.fill(0);
  const from = Math.max(start, 0);
  const to = Math.min(start + target.length, samples.length);
  if (to > from) target.set(samples.subarray(from, to), from - start);
}
