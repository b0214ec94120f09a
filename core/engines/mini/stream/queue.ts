/** Samples in line: added behind, taken in front. */
export class SampleQueue {
  #samples: Float32Array<ArrayBuffer>;
  #length: number;

  /** Begins with so many samples of silence. */
  constructor(silence: number) {
    this.#samples = new Float32Array(2 * silence + 4096);
    this.#length = silence;
  }

  get length(): number {
    return this.#length;
  }

  add(samples: Float32Array): void {
    if (this.#length + samples.length > this.#samples.length) {
      const larger = new Float32Array(2 * (this.#length + samples.length));
      larger.set(this.#samples.subarray(0, this.#length));
      this.#samples = larger;
    }
    this.#samples.set(samples, this.#length);
    this.#length += samples.length;
  }

  /** Takes the first `count` samples; the caller sees to it that there are as many. */
  take(count: number): Float32Array<ArrayBuffer> {
    const taken = this.#samples.slice(0, count);
    this.#samples.copyWithin(0, count, this.#length);
    this.#length -= count;
    return taken;
  }
}
