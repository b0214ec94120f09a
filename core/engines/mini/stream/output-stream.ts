import type { Kernels } from '../../../kernels/module.ts';
import { createResampler, type Resampler } from '../../../kernels/resample.ts';
import { FRAMES_PER_SECOND, HOP, SAMPLE_RATE } from '../bands.ts';
import { SampleQueue } from './queue.ts';
import { RunningGain } from './running.ts';

/** Frames whose gains are remembered: more than lie between what is known and what is put out. */
const REMEMBERED = 64;
/** What lies above the engine's band follows the mean change of so many frames. */
const SMOOTHED = 5;
/** Peaks above this are bent so that none exceeds full scale. */
const KNEE = 0.9;

/** The converted band at the stream's own rate, as loud as the source, with what the source has above it. */
export class StreamOutput {
  readonly #sampleRate: number;
  readonly #fromBand: Resampler;
  readonly #source: SampleQueue | undefined;
  readonly #gain = new RunningGain();
  readonly #logGains = new Float32Array(REMEMBERED);
  readonly #factors = new Float32Array(REMEMBERED);
  #frame = 0;
  #lastGain = 1;
  /** Samples put out. */
  #given = 0;

  constructor(kernels: Kernels, sampleRate: number) {
    this.#sampleRate = sampleRate;
    this.#fromBand = createResampler(kernels, SAMPLE_RATE, sampleRate);
    if (sampleRate > SAMPLE_RATE) this.#source = new SampleQueue(0);
  }

  /** Takes the source in, at the stream's rate: as much as will be asked back by `piece`. */
  hear(block: Float32Array): void {
    this.#source?.add(block);
  }

  /**
   * The next HOP samples at 16 kHz: `converted`, and `heard`, the source at the same time. `logGain`: the change of the top bands
   * at their end. Gives what is certain at the stream's rate.
   */
  piece(converted: Float32Array, heard: Float32Array, logGain: number): Float32Array {
    this.#logGains[this.#frame % REMEMBERED] = logGain;
    let sum = 0;
    for (let i = 0; i < SMOOTHED; i++) {
      sum += this.#logGains[Math.max(0, this.#frame - i) % REMEMBERED] as number;
    }
    const gain = this.#gain.next(energy(heard), energy(converted));
    const factor = gain * Math.exp(sum / SMOOTHED);
    // It holds at the end of the piece; a straight line leads there.
    const before = this.#frame === 0 ? factor : this.#factorAt(this.#frame - 1);
    this.#factors[this.#frame % REMEMBERED] = factor;
    const band = new Float32Array(converted.length);
    for (let i = 0; i < band.length; i++) {
      const share = i / HOP;
      const level = this.#lastGain + (gain - this.#lastGain) * share;
      const high = this.#source ? before + (factor - before) * share : 0;
      band[i] = level * (converted[i] as number) - high * (heard[i] as number);
    }
    this.#lastGain = gain;
    this.#frame++;
    return this.#withHighBand(this.#fromBand.push(band));
  }

  free(): void {
    this.#fromBand.dispose();
  }

  #withHighBand(samples: Float32Array): Float32Array {
    const source = this.#source?.take(samples.length);
    for (let i = 0; i < samples.length; i++) {
      let value = samples[i] as number;
      if (source) {
        const at = ((this.#given + i) / this.#sampleRate) * FRAMES_PER_SECOND;
        const frame = Math.floor(at + 1e-9);
        const before = this.#factorAt(Math.max(0, frame - 1));
        const factor = before + (this.#factorAt(frame) - before) * (at - frame);
        value += factor * (source[i] as number);
      }
      samples[i] = bent(value);
    }
    this.#given += samples.length;
    return samples;
  }

  #factorAt(frame: number): number {
    return this.#factors[Math.min(frame, Math.max(0, this.#frame - 1)) % REMEMBERED] as number;
  }
}

function energy(samples: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < samples.length; i++) sum += (samples[i] as number) ** 2;
  return sum / samples.length;
}

/** As it is up to 0.9, then bent towards full scale. */
function bent(value: number): number {
  const size = Math.abs(value);
  if (size <= KNEE) return value;
  return Math.sign(value) * (KNEE + (1 - KNEE) * Math.tanh((size - KNEE) / (1 - KNEE)));
}
