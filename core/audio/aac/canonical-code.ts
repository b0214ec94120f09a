import type { BitReader } from '../bit-reader.ts';

const lookupBits = 9;

/** A canonical Huffman code: codewords of one length are consecutive numbers, and each length goes on where the shorter ones end. */
export class CanonicalCode {
  private readonly symbols: readonly number[];
  /** Of each length: its first codeword, how many there are, and the index of its first symbol. */
  private readonly first: number[] = [0];
  private readonly count: number[] = [0];
  private readonly offset: number[] = [0];
  /** For the next 9 bits: symbol · 32 + length, or 0 where the codeword is longer. */
  private readonly lookup = new Int32Array(2 ** lookupBits);

  /** `counts[i]`: number of codewords of i + 1 bits; `symbols` in the order of their codewords. */
  constructor(counts: readonly number[], symbols: readonly number[]) {
    this.symbols = symbols;
    let next = 0;
    let index = 0;
    counts.forEach((count, i) => {
      const length = i + 1;
      next *= 2;
      this.first.push(next);
      this.count.push(count);
      this.offset.push(index);
      if (length <= lookupBits) this.fillLookup(next, count, index, length);
      next += count;
      index += count;
    });
  }

  /** Reads one codeword. */
  read(bits: BitReader): number {
    const entry = this.lookup[bits.peek(lookupBits)] ?? 0;
    if (entry > 0) {
      bits.skip(entry & 31);
      return entry >> 5;
    }
    for (let length = lookupBits + 1; length < this.first.length; length++) {
      const index = bits.peek(length) - (this.first[length] ?? 0);
      if (index >= 0 && index < (this.count[length] ?? 0)) {
        bits.skip(length);
        return this.symbols[(this.offset[length] ?? 0) + index] ?? 0;
      }
    }
    throw new Error('no such codeword');
  }

  private fillLookup(first: number, count: number, index: number, length: number): void {
    const span = 2 ** (lookupBits - length);
    for (let i = 0; i < count; i++) {
      const entry = (this.symbols[index + i] ?? 0) * 32 + length;
      this.lookup.fill(entry, (first + i) * span, (first + i + 1) * span);
    }
  }
}
