import { join } from 'node:path';

const fixtures = join(import.meta.dir, '..', '..', 'core', 'audio', 'fixtures');

type Bytes = Uint8Array<ArrayBuffer>;

/** A file of `core/audio/fixtures`. */
export async function fixture(name: string): Promise<Bytes> {
  return Bun.file(join(fixtures, name)).bytes();
}

export function ascii(text: string): Bytes {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

type Part = Uint8Array | string | readonly number[];

/** All parts one after another; text counts as ASCII. */
export function concat(...parts: readonly Part[]): Bytes {
  const arrays = parts.map((part) => (typeof part === 'string' ? ascii(part) : Uint8Array.from(part)));
  const all = new Uint8Array(arrays.reduce((sum, array) => sum + array.length, 0));
  let offset = 0;
  for (const array of arrays) {
    all.set(array, offset);
    offset += array.length;
  }
  return all;
}

/** Big-endian bytes of an integer. */
export function bigEndian(value: number, width: number): number[] {
  return Array.from({ length: width }, (_, i) => Math.floor(value / 256 ** (width - 1 - i)) % 256);
}

export function littleEndian(value: number, width: number): number[] {
  return bigEndian(value, width).reverse();
}

/** Where `sought` stands for the n-th time, counted from 0. Throws when it doesn't: a corpus must not quietly stay whole. */
export function indexOf(bytes: Uint8Array, sought: Uint8Array | string, nth = 0): number {
  const pattern = typeof sought === 'string' ? ascii(sought) : sought;
  let left = nth;
  for (let at = 0; at + pattern.length <= bytes.length; at++) {
    if (pattern.every((byte, i) => bytes[at + i] === byte) && left-- === 0) return at;
  }
  throw new Error(`not found: ${sought}`);
}

/** A copy in which these bytes stand at `offset`. */
export function patched(bytes: Uint8Array, offset: number, replacement: readonly number[] | Uint8Array): Bytes {
  const copy = Uint8Array.from(bytes);
  copy.set(replacement, offset);
  return copy;
}

/** A copy with other bytes in place of those from `start` to `end`. */
export function spliced(bytes: Uint8Array, start: number, end: number, ...parts: readonly Part[]): Bytes {
  return concat(bytes.subarray(0, start), ...parts, bytes.subarray(end));
}

/** Bytes without any order, the same every time. */
export function noise(length: number, seed = 1): Bytes {
  let state = seed;
  return Uint8Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 24;
  });
}
