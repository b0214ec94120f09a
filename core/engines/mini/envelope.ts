import { CheapTrick } from '../../kernels/cheaptrick.ts';
import type { Kernels } from '../../kernels/module.ts';
import { BANDS, bandWeights, HOP, SAMPLE_RATE } from './bands.ts';
import type { Report } from './pitch.ts';
import { EnvelopeRows } from './rows.ts';
import { percentile } from './statistics.ts';

/** Frames within this many decibels of the loud ones are speech. */
const ACTIVE_RANGE_DECIBELS = 35;
const LOUD_PERCENTILE = 95;
const SMALLEST_POWER = 1e-14;
/** Frames between two reports. */
const BLOCK_FRAMES = 1000;

/** What is known of a signal, a frame every 10 ms. */
export interface Analysis {
  /** Hz, 0 where unvoiced; [frames]. */
  readonly f0: Float64Array;
  /** E, natural logarithm of the amplitude, [frames, BANDS]. */
  readonly envelope: EnvelopeRows;
  /** 1 where there is speech, 0 in pauses; [frames]. */
  readonly active: Uint8Array;
}

/** Spectral envelopes by CheapTrick, on bands equally spaced in mel. */
export class EnvelopeAnalyser {
  readonly #cheapTrick: CheapTrick;

  constructor(kernels: Kernels) {
    this.#cheapTrick = new CheapTrick(kernels, SAMPLE_RATE, HOP, bandWeights());
  }

  /** Envelopes of a signal at 16 kHz with the pitch `f0` [frames]. */
  async analyse(samples: Float32Array, f0: Float64Array, report: Report): Promise<Analysis> {
    const frames = f0.length;
    const rows = new EnvelopeRows(frames);
    const power = new Float32Array(frames);
    const buffer = new Float32Array(Math.min(BLOCK_FRAMES, frames) * BANDS);
    for (let first = 0; first < frames; first += BLOCK_FRAMES) {
      const end = Math.min(first + BLOCK_FRAMES, frames);
      const envelope = buffer.subarray(0, (end - first) * BANDS);
      this.#cheapTrick.analyse(samples, f0, first, end - first, { envelope, power: power.subarray(first, end) });
      rows.write(first, envelope);
      await report(end / frames);
    }
    return { f0, envelope: rows, active: activeFrames(power) };
  }

  free(): void {
    this.#cheapTrick.free();
  }
}

/** 1 where the level is within 35 dB of the 95th percentile. */
export function activeFrames(power: Float32Array): Uint8Array {
  const decibels = Float64Array.from(power, (value) => 10 * Math.log10(value + SMALLEST_POWER));
  const threshold = percentile(decibels, LOUD_PERCENTILE) - ACTIVE_RANGE_DECIBELS;
  return Uint8Array.from(decibels, (level) => (level > threshold ? 1 : 0));
}
