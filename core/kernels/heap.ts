import { UnavailableError } from '../errors.ts';

/** Every block begins at a multiple of this many bytes: the width of a SIMD vector. */
const ALIGNMENT = 16;

const PAGE = 65536;

interface Range {
  start: number;
  end: number;
}

/**
 * Hands out byte ranges of a WebAssembly memory: first fit, neighbours joined when they come back. Grows the memory when
 * nothing fits; WebAssembly memory never shrinks.
 */
export class Heap {
  readonly #memory: WebAssembly.Memory;
  /** Free ranges by address; no two touch. */
  readonly #free: Range[];

  constructor(memory: WebAssembly.Memory, base: number) {
    this.#memory = memory;
    this.#free = [{ start: roundUp(base, ALIGNMENT), end: memory.buffer.byteLength }];
  }

  /** Address of `size` bytes (rounded up to the alignment). Throws `UnavailableError('memory-exhausted')`. */
  allocate(size: number): number {
    const bytes = roundUp(Math.max(size, 1), ALIGNMENT);
    let index = this.#free.findIndex((range) => range.end - range.start >= bytes);
    if (index < 0) {
      this.#grow(bytes);
      index = this.#free.length - 1;
    }
    const range = this.#free[index] as Range;
    const start = range.start;
    range.start += bytes;
    if (range.start === range.end) this.#free.splice(index, 1);
    return start;
  }

  /** Takes back what `allocate(size)` gave. */
  free(start: number, size: number): void {
    const end = start + roundUp(Math.max(size, 1), ALIGNMENT);
    let index = this.#free.findIndex((range) => range.start >= start);
    if (index < 0) index = this.#free.length;
    const before = this.#free[index - 1];
    const after = this.#free[index];
    if ((before && before.end > start) || (after && after.start < end)) throw new RangeError('freed twice');
    const joinsBefore = before?.end === start;
    const joinsAfter = after?.start === end;
    if (joinsBefore && joinsAfter) {
      before.end = after.end;
      this.#free.splice(index, 1);
    } else if (joinsBefore) before.end = end;
    else if (joinsAfter) after.start = start;
    else this.#free.splice(index, 0, { start, end });
  }

  /** Bytes in free ranges of the memory as it is. */
  get freeBytes(): number {
    return this.#free.reduce((sum, range) => sum + range.end - range.start, 0);
  }

  #grow(bytes: number): void {
    const size = this.#memory.buffer.byteLength;
    const last = this.#free.at(-1);
    const spare = last?.end === size ? size - last.start : 0;
    try {
      this.#memory.grow(Math.ceil((bytes - spare) / PAGE));
    } catch (cause) {
      throw new UnavailableError('memory-exhausted', {}, { cause });
    }
    const end = this.#memory.buffer.byteLength;
    if (last && spare > 0) last.end = end;
    else this.#free.push({ start: size, end });
  }
}

export function roundUp(value: number, multiple: number): number {
  return Math.ceil(value / multiple) * multiple;
}
