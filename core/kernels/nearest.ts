import { roundUp } from './heap.ts';
import type { Kernels, Reserved } from './module.ts';

/** Points to search among or for: rows of `dimensions` numbers, each of one of two kinds. */
export interface Points {
  readonly dimensions: number;
  /** [count, dimensions]. */
  readonly rows: Float32Array;
  /** [count], 0 or 1. */
  readonly kinds: Uint8Array;
}

/** The nearest points of each query, nearest first. */
export interface Neighbours {
  /** [queries, kept]. */
  readonly indices: Int32Array;
  /** [queries, kept], squared distances with the penalty. */
  readonly distances: Float32Array;
}

/** The kernel takes columns in groups of this many. */
const COLUMN_GROUP = 8;
const HISTOGRAM_BINS = 65536;
/** Bits of an f32 below those that choose its histogram bin. */
const HISTOGRAM_SHIFT = 15;
/** Queries whose distances are worked on at a time: 64 rows of 3000 distances stay in the processor's cache. */
const BLOCK_QUERIES = 64;
/** Beyond each row of a query: kind 1, kind 0, squared length. */
const EXTRA = 3;

/**
 * Exhaustive nearest-neighbour search: squared Euclidean distances as one matrix product,
 * |x|² + |y|² − 2xy, plus a penalty where the kinds differ.
 */
export class NearestSearch {
  /** Neighbours of each query: as many as asked for, or all points where there are fewer. */
  readonly kept: number;
  readonly #kernels: Kernels;
  readonly #count: number;
  readonly #stride: number;
  readonly #inner: number;
  readonly #kinds: Uint8Array;
  readonly #matrix: Reserved<Float32Array<ArrayBuffer>>;
  readonly #lengths: Reserved<Float32Array<ArrayBuffer>>;

  constructor(kernels: Kernels, points: Points, kept: number) {
    this.#kernels = kernels;
    this.#count = points.kinds.length;
    this.kept = Math.min(kept, this.#count);
    this.#stride = roundUp(this.#count, COLUMN_GROUP);
    this.#inner = points.dimensions + EXTRA;
    this.#kinds = points.kinds;
    this.#matrix = kernels.reserveF32(this.#inner * this.#stride);
    this.#lengths = kernels.reserveF32(this.#stride);
    const { dimensions, rows } = points;
    const matrix = this.#matrix.view;
    for (let point = 0; point < this.#count; point++) {
      const row = rows.subarray(point * dimensions, (point + 1) * dimensions);
      for (let i = 0; i < dimensions; i++) matrix[i * this.#stride + point] = -2 * (row[i] as number);
      matrix[(dimensions + 2) * this.#stride + point] = 1;
      this.#lengths.view[point] = squaredLength(row);
    }
  }

  /** Median of the squared distances of all `queries` to all points, without penalty; within 0.1 %. */
  medianDistance(queries: Points): number {
    return this.#kernels.scope(() => {
      const histogram = this.#kernels.allocI32(HISTOGRAM_BINS);
      this.#forBlocks(queries, (table, _first, rows) => {
        for (let row = 0; row < rows; row++) {
          this.#kernels.exports.countMagnitudes(table + 4 * row * this.#stride, this.#count, histogram.pointer);
        }
      });
      return medianOfHistogram(histogram.view);
    });
  }

  /** From now on points of the other kind than the query's count as this much farther. */
  setPenalty(penalty: number): void {
    const dimensions = this.#inner - EXTRA;
    const matrix = this.#matrix.view;
    for (let point = 0; point < this.#count; point++) {
      const kind = this.#kinds[point] as number;
      matrix[dimensions * this.#stride + point] = kind === 1 ? 0 : penalty;
      matrix[(dimensions + 1) * this.#stride + point] = kind === 1 ? penalty : 0;
    }
  }

  /** The neighbours of all `queries`. */
  nearest(queries: Points): Neighbours {
    const { kept } = this;
    const count = queries.kinds.length;
    const found = { indices: new Int32Array(count * kept), distances: new Float32Array(count * kept) };
    this.#kernels.scope(() => {
      const indices = this.#kernels.allocI32(BLOCK_QUERIES * kept);
      const distances = this.#kernels.allocF32(BLOCK_QUERIES * kept);
      this.#forBlocks(queries, (table, first, rows) => {
        const { nearest } = this.#kernels.exports;
        nearest(table, rows, this.#stride, this.#count, kept, indices.pointer, distances.pointer);
        found.indices.set(indices.view.subarray(0, rows * kept), first * kept);
        found.distances.set(distances.view.subarray(0, rows * kept), first * kept);
      });
    });
    return found;
  }

  free(): void {
    this.#matrix.free();
    this.#lengths.free();
  }

  /** Distances of some queries at a time, [rows, stride] at address `table`. */
  #forBlocks(queries: Points, use: (table: number, first: number, rows: number) => void): void {
    const { dimensions, rows, kinds } = queries;
    const most = Math.min(BLOCK_QUERIES, kinds.length);
    const table = this.#kernels.allocF32(most * this.#stride);
    const input = this.#kernels.allocF32(most * this.#inner);
    for (let first = 0; first < kinds.length; first += BLOCK_QUERIES) {
      const count = Math.min(BLOCK_QUERIES, kinds.length - first);
      const view = input.view;
      for (let i = 0; i < count; i++) {
        const row = rows.subarray((first + i) * dimensions, (first + i + 1) * dimensions);
        const kind = kinds[first + i] as number;
        view.set(row, i * this.#inner);
        view.set([kind, 1 - kind, squaredLength(row)], i * this.#inner + dimensions);
      }
      this.#kernels.exports.affine(
        input.pointer,
        this.#matrix.pointer,
        this.#lengths.pointer,
        count,
        this.#inner,
        this.#stride,
        table.pointer,
      );
      use(table.pointer, first, count);
    }
  }
}

function squaredLength(row: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < row.length; i++) sum += (row[i] as number) ** 2;
  return sum;
}

/** The value that half of the counted magnitudes lie below, spread evenly over its bin. */
function medianOfHistogram(counts: Int32Array): number {
  let total = 0;
  for (let bin = 0; bin < counts.length; bin++) total += counts[bin] as number;
  const edge = (bin: number) => new Float32Array(new Uint32Array([bin << HISTOGRAM_SHIFT]).buffer)[0] ?? 0;
  let below = 0;
  // A plain loop: a live conversion comes here for every block.
  for (let bin = 0; bin < counts.length; bin++) {
    const count = counts[bin] as number;
    if (count > 0 && 2 * (below + count) >= total) {
      const share = (total / 2 - below) / count;
      return edge(bin) + share * (edge(bin + 1) - edge(bin));
    }
    below += count;
  }
  return 0;
}
