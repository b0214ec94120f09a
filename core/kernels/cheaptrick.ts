import type { BandWeights } from './bands.ts';
import { copyF64, readRepeated } from './blocks.ts';
import { type RealFft, realFft } from './fft.ts';
import type { Kernels, Reserved } from './module.ts';

const FFT_SIZE = 1024;
const BINS = FFT_SIZE / 2 + 1;
const SCRATCH_BYTES = 28672;

/** Where `CheapTrick` puts what it finds; both from their own beginning. */
export interface EnvelopeFrames {
  /** [frames, bands], natural logarithm of the amplitude. */
  readonly envelope: Float32Array;
  /** [frames], mean power of the envelope over all bins. */
  readonly power: Float32Array;
}

/**
 * CheapTrick (WORLD; Morise 2015): spectral envelopes that do not show the pitch, as the mean log amplitude on bands.
 * Power counts as 1e-14 at least; frames without pitch, or below 3·rate/1021, are analysed as if at 500 Hz.
 */
export class CheapTrick {
  readonly #kernels: Kernels;
  readonly #sampleRate: number;
  readonly #hop: number;
  readonly #bands: number;
  readonly #fft: RealFft;
  readonly #ranges: Reserved<Int32Array<ArrayBuffer>>;
  readonly #weights: Reserved<Float32Array<ArrayBuffer>>;
  readonly #inverses: Reserved<Float32Array<ArrayBuffer>>;

  /** `sampleRate` in Hz; `hop` in samples from frame to frame; frame 0 is centred on sample 0. */
  constructor(kernels: Kernels, sampleRate: number, hop: number, bands: BandWeights) {
    this.#kernels = kernels;
    this.#sampleRate = sampleRate;
    this.#hop = hop;
    this.#bands = bands.first.length;
    this.#fft = realFft(kernels, FFT_SIZE);
    this.#ranges = kernels.reserveI32(2 * this.#bands);
    this.#ranges.view.set(bands.first.flatMap((first, band) => [first, bands.weights[band]?.length ?? 0]));
    // The kernel gives log power; half of it is log amplitude.
    const weights = bands.weights.flat().map((weight) => weight / 2);
    this.#weights = kernels.reserveF32(weights.length);
    this.#weights.view.set(weights);
    this.#inverses = kernels.reserveF32(2 * BINS);
    const inverses = new Float64Array(kernels.exports.memory.buffer, this.#inverses.pointer, BINS);
    for (let i = 1; i < BINS; i++) inverses[i] = 1 / i;
  }

  /** Analyses frames `first … first + frames − 1` of `samples` (the whole signal) at the pitch `f0` (whole track, Hz). */
  analyse(samples: Float32Array, f0: Float64Array, first: number, frames: number, out: EnvelopeFrames): void {
    const kernels = this.#kernels;
    kernels.scope(() => {
      const margin = FFT_SIZE / 2;
      const x = kernels.allocF32((frames - 1) * this.#hop + 2 * margin);
      const scratch = kernels.allocF32(SCRATCH_BYTES / 4);
      const pitch = copyF64(kernels, f0.subarray(first, first + frames));
      const envelope = kernels.allocF32(frames * this.#bands);
      const power = kernels.allocF32(frames);
      readRepeated(samples, first * this.#hop - margin, x.view);
      kernels.exports.cheapTrick(
        this.#fft.plan,
        x.pointer + 4 * margin,
        pitch.pointer,
        frames,
        this.#hop,
        this.#sampleRate,
        this.#ranges.pointer,
        this.#weights.pointer,
        this.#bands,
        this.#inverses.pointer,
        scratch.pointer,
        envelope.pointer,
        power.pointer,
      );
      out.envelope.set(envelope.view);
      out.power.set(power.view);
    });
  }

  free(): void {
    for (const block of [this.#ranges, this.#weights, this.#inverses]) block.free();
  }
}
