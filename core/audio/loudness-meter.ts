import { measureLoudness, truePeak } from '../kernels/loudness.ts';
import type { Kernels } from '../kernels/module.ts';

/** Seconds measured at once, and those before them that settle the weighting filter. */
const windowSeconds = 10;
const leadSeconds = 1;
/** Blocks begin every 100 ms and take 400 ms. */
const blocksPerSecond = 10;
const blockSteps = 4;
const absoluteGate = -70;
const relativeGate = -10;

export interface Level {
  /** Integrated, in LUFS, −Infinity for silence; within 0.01 LU of `loudnessOf` for the whole. */
  readonly loudness: number;
  /** Linear magnitude, as `truePeak` finds it in the whole. */
  readonly truePeak: number;
}

/** Loudness and true peak (BS.1770-4) of sound that comes piece by piece. */
export class LoudnessMeter {
  readonly #kernels: Kernels;
  readonly #sampleRate: number;
  /** What is to be measured next, with its lead before and the rest of its last block behind it. */
  readonly #window: Float32Array;
  #filled = 0;
  #lead = 0;
  /** Loudness of each block in LUFS. */
  readonly #blocks: Float32Array[] = [];
  #peak = 0;

  constructor(kernels: Kernels, sampleRate: number) {
    this.#kernels = kernels;
    this.#sampleRate = sampleRate;
    this.#window = new Float32Array((leadSeconds + windowSeconds + 1) * sampleRate);
  }

  push(samples: Float32Array): void {
    for (let at = 0; at < samples.length; ) {
      const part = samples.subarray(at, at + this.#window.length - this.#filled);
      this.#window.set(part, this.#filled);
      this.#filled += part.length;
      at += part.length;
      if (this.#filled === this.#window.length) this.#measure();
    }
  }

  /** No calls afterwards. */
  finish(): Level {
    this.#listenForPeaks(this.#filled);
    this.#blocks.push(this.#momentary(this.#filled));
    const energies = this.#blocks.flatMap((block) => [...block].filter((value) => value > absoluteGate).map(toEnergy));
    const gate = toLoudness(mean(energies)) + relativeGate;
    return { loudness: toLoudness(mean(energies.filter((energy) => toLoudness(energy) > gate))), truePeak: this.#peak };
  }

  /** Measures what is whole and keeps the rest, with a new lead. */
  #measure(): void {
    const blocks = (windowSeconds + leadSeconds - this.#lead) * blocksPerSecond;
    const end = (windowSeconds + leadSeconds) * this.#sampleRate;
    const restOfLast = ((blockSteps - 1) * this.#sampleRate) / blocksPerSecond;
    this.#blocks.push(this.#momentary(Math.ceil(end + restOfLast)).subarray(0, blocks));
    this.#listenForPeaks(end);
    this.#window.copyWithin(0, end - leadSeconds * this.#sampleRate);
    this.#filled -= end - leadSeconds * this.#sampleRate;
    this.#lead = leadSeconds;
  }

  /** Between the lead and `end`; what stands around them is heard too. */
  #listenForPeaks(end: number): void {
    const samples = this.#window.subarray(0, this.#filled);
    this.#peak = Math.max(this.#peak, truePeak(this.#kernels, samples, this.#lead * this.#sampleRate, end));
  }

  /** The blocks that begin after the lead, of the first `count` samples. */
  #momentary(count: number): Float32Array {
    const { momentary } = measureLoudness(this.#kernels, this.#window.subarray(0, count), this.#sampleRate);
    return momentary.slice(this.#lead * blocksPerSecond);
  }
}

const offset = 0.691;

function toEnergy(loudness: number): number {
  return 10 ** ((loudness + offset) / 10);
}

function toLoudness(energy: number): number {
  return energy > 0 ? 10 * Math.log10(energy) - offset : Number.NEGATIVE_INFINITY;
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}
