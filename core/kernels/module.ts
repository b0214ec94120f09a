import { UnavailableError } from '../errors.ts';
import type { Host } from '../host.ts';
import type { KernelExports } from './exports.ts';
import { Heap } from './heap.ts';

/** Which of the two builds runs: four lanes at a time, or one for engines without WebAssembly SIMD. */
export type KernelsBuild = 'simd' | 'scalar';

/** Elements in the kernels' memory. `view` is fetched anew each time: memory that has grown leaves old views empty. */
export interface Block<View> {
  readonly pointer: number;
  /** Number of elements. */
  readonly length: number;
  readonly view: View;
}

export type F32Block = Block<Float32Array<ArrayBuffer>>;
export type I32Block = Block<Int32Array<ArrayBuffer>>;

/** A block that lives until `free` is called, whatever scopes open and close. */
export type Reserved<View> = Block<View> & { free(): void };

/** A place in the stack of temporary blocks. */
export interface Mark {
  readonly chunk: number;
  readonly used: number;
}

interface Chunk {
  readonly start: number;
  readonly size: number;
}

const SMALLEST_CHUNK = 1 << 20;

/**
 * One instance of the kernels and its memory. Two ways to memory:
 *
 * - temporary blocks (`allocF32`, `allocI32`) form a stack: `scope(() => …)` gives back all that was taken inside. A scope
 *   is synchronous: never hold temporary blocks across an `await`.
 * - reserved blocks (`reserveF32`, `reserveI32`) stay until freed: plans, filter banks, state of streams.
 *
 * All blocks are zero-filled and begin at a multiple of 16 bytes.
 */
export class Kernels {
  readonly build: KernelsBuild;
  readonly exports: KernelExports;
  readonly #heap: Heap;
  readonly #chunks: Chunk[] = [];
  #top: Mark = { chunk: 0, used: 0 };

  constructor(build: KernelsBuild, exports: KernelExports) {
    this.build = build;
    this.exports = exports;
    this.#heap = new Heap(exports.memory, exports.heapBase());
  }

  /** Bytes of WebAssembly memory, used or not. */
  get memoryBytes(): number {
    return this.exports.memory.buffer.byteLength;
  }

  /** Temporary f32 elements, gone when the scope ends. */
  allocF32(length: number): F32Block {
    return this.#f32(this.#push(length * 4), length);
  }

  /** Temporary i32 elements, gone when the scope ends. */
  allocI32(length: number): I32Block {
    return this.#i32(this.#push(length * 4), length);
  }

  /** A temporary copy of `samples`, gone when the scope ends. */
  copyF32(samples: ArrayLike<number>): F32Block {
    const block = this.allocF32(samples.length);
    block.view.set(samples);
    return block;
  }

  /** f32 elements that stay until freed. */
  reserveF32(length: number): Reserved<Float32Array<ArrayBuffer>> {
    const pointer = this.#heap.allocate(length * 4);
    return withFree(this.#f32(pointer, length), () => this.#heap.free(pointer, length * 4));
  }

  /** i32 elements that stay until freed. */
  reserveI32(length: number): Reserved<Int32Array<ArrayBuffer>> {
    const pointer = this.#heap.allocate(length * 4);
    return withFree(this.#i32(pointer, length), () => this.#heap.free(pointer, length * 4));
  }

  /** Runs `work` and then releases every temporary block that it took. `work` must be synchronous. */
  scope<Result>(work: () => Result extends PromiseLike<unknown> ? never : Result): Result {
    const mark = this.mark();
    try {
      return work();
    } finally {
      this.release(mark);
    }
  }

  /** The present top of the stack of temporary blocks. */
  mark(): Mark {
    return this.#top;
  }

  /** Releases every temporary block taken since `mark`. Marks are released in reverse order. */
  release(mark: Mark): void {
    this.#top = mark;
    // What a long file needed goes back, so that reserved blocks can have it; a first chunk of common size stays.
    for (let last = this.#chunks.at(-1); last; last = this.#chunks.at(-1)) {
      const index = this.#chunks.length - 1;
      const unused = index > mark.chunk || (mark.used === 0 && last.size > SMALLEST_CHUNK);
      if (index < mark.chunk || !unused) break;
      this.#heap.free(last.start, last.size);
      this.#chunks.pop();
    }
  }

  #push(bytes: number): number {
    const size = (bytes + 15) & ~15;
    const current = this.#chunks[this.#top.chunk];
    if (current && this.#top.used + size <= current.size)
      return this.#take(current, this.#top.chunk, this.#top.used, size);
    const chunkSize = Math.max(size, SMALLEST_CHUNK);
    const chunk = { start: this.#heap.allocate(chunkSize), size: chunkSize };
    this.#chunks.push(chunk);
    return this.#take(chunk, this.#chunks.length - 1, 0, size);
  }

  #take(chunk: Chunk, index: number, used: number, size: number): number {
    this.#top = { chunk: index, used: used + size };
    return chunk.start + used;
  }

  #f32(pointer: number, length: number): F32Block {
    const { memory } = this.exports;
    let view = new Float32Array(memory.buffer, pointer, length).fill(0);
    return {
      pointer,
      length,
      get view() {
        if (view.buffer !== memory.buffer) view = new Float32Array(memory.buffer, pointer, length);
        return view;
      },
    };
  }

  #i32(pointer: number, length: number): I32Block {
    const { memory } = this.exports;
    let view = new Int32Array(memory.buffer, pointer, length).fill(0);
    return {
      pointer,
      length,
      get view() {
        if (view.buffer !== memory.buffer) view = new Int32Array(memory.buffer, pointer, length);
        return view;
      },
    };
  }
}

/** The same block (its `view` stays a getter) with a way to give it back. */
function withFree<View>(block: Block<View>, release: () => void): Reserved<View> {
  let freed = false;
  return {
    pointer: block.pointer,
    length: block.length,
    get view() {
      return block.view;
    },
    free() {
      if (freed) return;
      freed = true;
      release();
    },
  };
}

/**
 * Instantiates the kernels: the SIMD build where the engine accepts it, else the scalar one; `build` forces one.
 * Throws `UnavailableError('simd-missing')` when SIMD is forced and the engine lacks it.
 */
export async function loadKernels(host: Pick<Host, 'loadKernels'>, build?: KernelsBuild): Promise<Kernels> {
  if (build !== 'scalar') {
    const bytes = await host.loadKernels('simd');
    if (WebAssembly.validate(bytes)) return instantiate('simd', bytes);
    if (build === 'simd') throw new UnavailableError('simd-missing');
  }
  return instantiate('scalar', await host.loadKernels('scalar'));
}

async function instantiate(build: KernelsBuild, bytes: Uint8Array): Promise<Kernels> {
  const instance = await WebAssembly.instantiate(await WebAssembly.compile(bytes));
  // The one place that trusts exports.ts: it is written by hand from wasm/assembly/index.ts.
  return new Kernels(build, instance.exports as unknown as KernelExports);
}
