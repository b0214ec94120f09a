/** Samples that arrive in pieces and leave as one array, with at most one copy held when the length is known beforehand. */
export class SampleSink {
  private readonly full: Float32Array[] = [];
  private current: Float32Array;
  private used = 0;
  private before = 0;

  /** `expected`: how many samples will come, if known; more or fewer are fine. */
  constructor(expected = 0) {
    this.current = new Float32Array(Math.max(expected, blockSamples));
  }

  /** Samples received so far. */
  get length(): number {
    return this.before + this.used;
  }

  /** Makes room for `count` more samples in one piece and returns it; the caller fills all of it. */
  reserve(count: number): Float32Array {
    if (this.used + count > this.current.length) {
      this.full.push(this.current.subarray(0, this.used));
      this.before += this.used;
      this.current = new Float32Array(Math.max(count, blockSamples));
      this.used = 0;
    }
    this.used += count;
    return this.current.subarray(this.used - count, this.used);
  }

  append(samples: Float32Array): void {
    this.reserve(samples.length).set(samples);
  }

  /** All samples. The sink is empty afterwards. */
  take(): Float32Array {
    const last = this.current.subarray(0, this.used);
    const total = this.length;
    const blocks = this.full.splice(0);
    this.current = new Float32Array(0);
    this.used = 0;
    this.before = 0;
    if (blocks.length === 0) return last;
    const all = new Float32Array(total);
    let offset = 0;
    for (const block of [...blocks, last]) {
      all.set(block, offset);
      offset += block.length;
    }
    return all;
  }
}

const blockSamples = 2 ** 20;

/** Writes the mean of the channels into `target`, which is as long as each of them. */
export function mixToMonoInto(channels: readonly Float32Array[], target: Float32Array): void {
  const [first, second] = channels;
  if (!first) return;
  if (channels.length === 1) {
    target.set(first);
  } else if (second && channels.length === 2) {
    for (let i = 0; i < target.length; i++) target[i] = ((first[i] ?? 0) + (second[i] ?? 0)) * 0.5;
  } else {
    const scale = 1 / channels.length;
    target.fill(0);
    for (const channel of channels)
      for (let i = 0; i < target.length; i++) target[i] = (target[i] ?? 0) + (channel[i] ?? 0) * scale;
  }
}
