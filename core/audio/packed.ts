import type { Sound } from './sound.ts';

/** Samples that share a scale. */
const blockSamples = 4096;
const fullScale = 32767;

/**
 * Keeps a sound in 16 bits a sample, half of what it would take otherwise, each block of 4096 scaled by its own peak: rounding stays
 * 90 dB below it.
 */
export class PackedSound implements Sound {
  readonly sampleRate: number;
  readonly #blocks: { readonly scale: number; readonly steps: Int16Array }[] = [];
  readonly #block = new Float32Array(blockSamples);
  #filled = 0;
  #length = 0;

  constructor(sampleRate: number) {
    this.sampleRate = sampleRate;
  }

  get length(): number {
    return this.#length;
  }

  append(samples: Float32Array): void {
    for (let at = 0; at < samples.length; ) {
      const part = samples.subarray(at, at + blockSamples - this.#filled);
      this.#block.set(part, this.#filled);
      this.#filled += part.length;
      at += part.length;
      if (this.#filled === blockSamples) this.#pack();
    }
    this.#length += samples.length;
  }

  async *pieces(): AsyncGenerator<Float32Array> {
    if (this.#filled > 0) this.#pack();
    const piece = new Float32Array(blockSamples);
    for (const { scale, steps } of this.#blocks) {
      for (let i = 0; i < steps.length; i++) piece[i] = (steps[i] as number) * scale;
      yield piece.subarray(0, steps.length);
    }
  }

  #pack(): void {
    const samples = this.#block.subarray(0, this.#filled);
    let peak = 0;
    for (let i = 0; i < samples.length; i++) peak = Math.max(peak, Math.abs(samples[i] as number));
    const scale = peak / fullScale;
    const steps = new Int16Array(samples.length);
    if (peak > 0) for (let i = 0; i < steps.length; i++) steps[i] = Math.round((samples[i] as number) / scale);
    this.#blocks.push({ scale, steps });
    this.#filled = 0;
  }
}

/** A sound that costs something to make, such as a file to decode: it is packed the first time that it is gone through, and read from there afterwards. */
export function remembered(sound: Sound): Sound {
  let packed: PackedSound | undefined;
  return {
    sampleRate: sound.sampleRate,
    get length() {
      return sound.length;
    },
    async *pieces() {
      if (packed) {
        yield* packed.pieces();
        return;
      }
      const filling = new PackedSound(sound.sampleRate);
      for await (const piece of sound.pieces()) {
        filling.append(piece);
        yield piece;
      }
      packed = filling;
    },
  };
}
