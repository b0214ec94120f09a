/** Reads big-endian bit fields of up to 256 MB. Reading beyond the end throws. */
export class BitReader {
  private position = 0;
  private readonly bytes: Uint8Array;
  private readonly end: number;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.end = bytes.length * 8;
  }

  get bitsLeft(): number {
    return this.end - this.position;
  }

  /** The next `count` bits (0..24) without moving on; beyond the end they are 0. */
  peek(count: number): number {
    const { bytes, position } = this;
    const at = position >> 3;
    const word =
      ((bytes[at] ?? 0) << 24) | ((bytes[at + 1] ?? 0) << 16) | ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0);
    return count === 0 ? 0 : (word << (position & 7)) >>> (32 - count);
  }

  skip(count: number): void {
    this.position += count;
    if (this.position > this.end) throw new RangeError('read beyond the end');
  }

  /** The next `count` bits (0..24). */
  read(count: number): number {
    const value = this.peek(count);
    this.skip(count);
    return value;
  }

  /** A two's-complement integer of `count` bits (0..48). */
  readSigned(count: number): number {
    let value = 0;
    for (let left = count; left > 0; left -= 24)
      value = value * 2 ** Math.min(24, left) + this.read(Math.min(24, left));
    return value >= 2 ** (count - 1) ? value - 2 ** count : value;
  }

  /** The number of zeros before the next one, which is read too. */
  readUnary(): number {
    let zeros = 0;
    for (;;) {
      const next = this.peek(24);
      if (next !== 0) {
        const leading = Math.clz32(next) - 8;
        this.skip(leading + 1);
        return zeros + leading;
      }
      this.skip(24);
      zeros += 24;
    }
  }

  /** Bytes of which at least one bit was read. */
  get bytesRead(): number {
    return (this.position + 7) >> 3;
  }

  readFlag(): boolean {
    return this.read(1) === 1;
  }

  alignToByte(): void {
    this.skip(-this.position & 7);
  }
}
