/** Writes big-endian bit fields into a buffer that grows. */
export class BitWriter {
  private bytes: Uint8Array;
  private length = 0;
  private pending = 0;
  private pendingBits = 0;

  constructor(capacity = 2 ** 16) {
    this.bytes = new Uint8Array(capacity);
  }

  /** Whole bytes written so far. */
  get byteLength(): number {
    return this.length;
  }

  /** The low `bits` bits (0..32) of a two's-complement integer. */
  write(value: number, bits: number): void {
    if (bits > 16) {
      this.write(value >>> 16, bits - 16);
      this.write(value, 16);
      return;
    }
    // At most 7 bits wait, so 23 fit.
    this.pending = (this.pending << bits) | (value & ((1 << bits) - 1));
    this.pendingBits += bits;
    while (this.pendingBits >= 8) {
      this.pendingBits -= 8;
      this.putByte(this.pending >>> this.pendingBits);
    }
    this.pending &= (1 << this.pendingBits) - 1;
  }

  /** `count` zero bits and a one. */
  writeUnary(count: number): void {
    for (let left = count; left > 0; left -= 16) this.write(0, Math.min(left, 16));
    this.write(1, 1);
  }

  writeBytes(values: Uint8Array): void {
    this.alignToByte();
    this.reserve(values.length);
    this.bytes.set(values, this.length);
    this.length += values.length;
  }

  /** Fills the started byte with zeros. */
  alignToByte(): void {
    if (this.pendingBits > 0) this.write(0, 8 - this.pendingBits);
  }

  /** The bytes written from `start`, as a view that the next write may move. */
  since(start: number): Uint8Array {
    return this.bytes.subarray(start, this.length);
  }

  finish(): Uint8Array {
    this.alignToByte();
    return this.bytes.slice(0, this.length);
  }

  private putByte(byte: number): void {
    if (this.length === this.bytes.length) this.reserve(1);
    this.bytes[this.length++] = byte;
  }

  private reserve(count: number): void {
    if (this.length + count <= this.bytes.length) return;
    const larger = new Uint8Array(Math.max(this.bytes.length * 2, this.length + count));
    larger.set(this.bytes);
    this.bytes = larger;
  }
}
