import { allocF64, copyF64 } from './blocks.ts';
import type { Block, Kernels, Reserved } from './module.ts';
import type { Neighbours } from './nearest.ts';

/** Floats of a row of features as the kernel takes it. */
const FEATURE_STRIDE = 20;
/** Frames that the kernel works on at a time. */
const BLOCK_FRAMES = 500;

/** Unit selection over the candidates of each frame (Hunt & Black 1996): target cost plus a cost for each jump. */
export class UnitSelection {
  readonly #kernels: Kernels;
  readonly #units: number;
  readonly #kept: number;
  readonly #features: Reserved<Float32Array<ArrayBuffer>>;

  /**
   * `features` [units, dimensions], at most 20: distances between them say how well one unit follows another.
   * `kept`: candidates per frame, at most 255.
   */
  constructor(kernels: Kernels, features: Float32Array, dimensions: number, kept: number) {
    this.#kernels = kernels;
    this.#kept = kept;
    this.#units = features.length / dimensions;
    this.#features = kernels.reserveF32(this.#units * FEATURE_STRIDE);
    const view = this.#features.view;
    for (let unit = 0; unit < this.#units; unit++) {
      view.set(features.subarray(unit * dimensions, (unit + 1) * dimensions), unit * FEATURE_STRIDE);
    }
  }

  /**
   * The best predecessor of each candidate, [frames, kept]; the first frame's are 0. `costs` (kept) are those of the first
   * frame before, and those of the last frame afterwards. `jumpWeight`: cost of a unit of distance.
   */
  bestPredecessors(candidates: Neighbours, jumpWeight: number, costs: Float64Array): Uint8Array {
    const kernels = this.#kernels;
    const kept = this.#kept;
    const frames = candidates.distances.length / kept;
    const back = new Uint8Array(frames * kept);
    kernels.scope(() => {
      const total = copyF64(kernels, costs);
      const scratch = allocF64(kernels, kept);
      for (let first = 1; first < frames; first += BLOCK_FRAMES) {
        const count = Math.min(BLOCK_FRAMES, frames - first);
        kernels.scope(() => {
          // The frame before the block comes along.
          const indices = copyI32(kernels, candidates.indices.subarray((first - 1) * kept, (first + count) * kept));
          const distances = kernels.copyF32(candidates.distances.subarray(first * kept, (first + count) * kept));
          const predecessors = kernels.allocI32(Math.ceil((count * kept) / 4));
          kernels.exports.bestPredecessors(
            indices.pointer,
            indices.pointer + 4 * kept,
            distances.pointer,
            count,
            kept,
            this.#features.pointer,
            this.#units,
            jumpWeight,
            total.pointer,
            predecessors.pointer,
            scratch.pointer,
          );
          back.set(bytesOf(kernels, predecessors, count * kept), first * kept);
        });
      }
      costs.set(total.view);
    });
    return back;
  }

  /**
   * For each frame the `near` candidates with the smallest distance + `pathWeight` × distance from the path's candidate,
   * nearest first; [frames, near], or fewer where fewer are kept. `path` [frames]: the path's candidate in each.
   */
  nearestToPath(candidates: Neighbours, path: Uint8Array, near: number, pathWeight: number): Uint16Array {
    const kernels = this.#kernels;
    const kept = this.#kept;
    const taken = Math.min(near, kept);
    const chosen = new Uint16Array(path.length * taken);
    for (let first = 0; first < path.length; first += BLOCK_FRAMES) {
      const count = Math.min(BLOCK_FRAMES, path.length - first);
      kernels.scope(() => {
        const indices = copyI32(kernels, candidates.indices.subarray(first * kept, (first + count) * kept));
        const distances = kernels.copyF32(candidates.distances.subarray(first * kept, (first + count) * kept));
        const onPath = kernels.allocI32(Math.ceil(count / 4));
        bytesOf(kernels, onPath, count).set(path.subarray(first, first + count));
        const units = kernels.allocI32(count * taken);
        const scratch = kernels.allocF32(kept);
        kernels.exports.nearestToPath(
          indices.pointer,
          distances.pointer,
          onPath.pointer,
          count,
          kept,
          taken,
          this.#features.pointer,
          pathWeight,
          units.pointer,
          scratch.pointer,
        );
        chosen.set(units.view, first * taken);
      });
    }
    return chosen;
  }

  free(): void {
    this.#features.free();
  }
}

function copyI32(kernels: Kernels, values: Int32Array): Block<Int32Array> {
  const block = kernels.allocI32(values.length);
  block.view.set(values);
  return block;
}

function bytesOf(kernels: Kernels, block: Block<unknown>, length: number): Uint8Array {
  return new Uint8Array(kernels.exports.memory.buffer, block.pointer, length);
}
