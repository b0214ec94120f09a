import { bigEndian } from './byte-reader.ts';

/** A box of an MP4 file: `start` to `end` is its content. */
export interface Box {
  readonly type: string;
  /** Where the box itself begins, header included. */
  readonly begin: number;
  readonly start: number;
  readonly end: number;
  /** It claims to reach beyond what holds it; `end` does not. */
  readonly cut: boolean;
}

/** The boxes that stand one after another between two places. */
export function* boxesIn(bytes: Uint8Array, from: number, to: number): Generator<Box> {
  const limit = Math.min(to, bytes.length);
  for (let begin = from; begin + 8 <= limit; ) {
    const shortSize = bigEndian(bytes, begin, 4);
    const wide = shortSize === 1;
    const size = wide ? bigEndian(bytes, begin + 8, 8) : shortSize === 0 ? limit - begin : shortSize;
    const start = begin + (wide ? 16 : 8);
    if (size < start - begin) return;
    const type = String.fromCharCode(...bytes.subarray(begin + 4, begin + 8));
    yield { type, begin, start, end: Math.min(begin + size, limit), cut: begin + size > limit };
    begin += size;
  }
}

/** The first box of each type along a path of nested boxes. */
export function findBox(bytes: Uint8Array, parent: Box, ...path: readonly string[]): Box | undefined {
  let found: Box | undefined = parent;
  for (const type of path) {
    if (!found) return undefined;
    found = firstOfType(bytes, found, type);
  }
  return found;
}

function firstOfType(bytes: Uint8Array, { start, end }: Box, type: string): Box | undefined {
  for (const box of boxesIn(bytes, start, end)) if (box.type === type) return box;
  return undefined;
}
