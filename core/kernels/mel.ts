import { BandMatrix, type BandWeights } from './bands.ts';
import type { Kernels } from './module.ts';
import { Stft, type StftShape } from './stft.ts';

export interface MelSpectrogramShape extends StftShape {
  /** From bins to bands, for instance `melTriangles(…)`. */
  readonly bands: BandWeights;
  /** What the bands weigh: |X|², or √(|X|² + `magnitudeOffset`). */
  readonly spectrum: 'power' | 'magnitude';
  /** 0 unless a model was trained with another (some vocoders add 1e-9 under the root). */
  readonly magnitudeOffset?: number;
  /** Result: as it is, natural or common logarithm, or 10·log₁₀ in decibels. */
  readonly logarithm: 'none' | 'natural' | 'common' | 'decibels';
  /** Smaller values count as this before a logarithm. Default 1e-10; at least 1.2e-38. */
  readonly floor?: number;
}

const LOG_SCALE = { natural: 1, common: Math.LOG10E, decibels: 10 * Math.LOG10E };

/** Frames that are in memory at once: long signals need no more than short ones. */
const FRAMES_AT_ONCE = 128;

/** Band spectrogram of a signal: STFT, power or magnitude, band weights, logarithm. */
export class MelSpectrogram {
  readonly #kernels: Kernels;
  readonly #shape: MelSpectrogramShape;
  readonly #stft: Stft;
  readonly #matrix: BandMatrix;

  constructor(kernels: Kernels, shape: MelSpectrogramShape) {
    this.#kernels = kernels;
    this.#shape = shape;
    this.#stft = new Stft(kernels, shape);
    this.#matrix = new BandMatrix(kernels, shape.bands);
  }

  /** Number of frames for a signal of `length` samples. */
  frameCount(length: number): number {
    return this.#stft.frameCount(length);
  }

  /** [frames, bands], row-major; frame t is centred on sample t·hop (unless padding is `none`). */
  compute(samples: Float32Array): Float32Array<ArrayBuffer> {
    const kernels = this.#kernels;
    const { exports } = kernels;
    const { logarithm, floor = 1e-10, spectrum, magnitudeOffset = 0 } = this.#shape;
    const frames = this.frameCount(samples.length);
    const result = new Float32Array(frames * this.#matrix.bands);
    kernels.scope(() => {
      const signal = kernels.copyF32(samples);
      for (let first = 0; first < frames; first += FRAMES_AT_ONCE) {
        kernels.scope(() => {
          const count = Math.min(FRAMES_AT_ONCE, frames - first);
          const { stride } = this.#stft.fft;
          const spectra = this.#stft.forward(signal, first, count);
          const power = kernels.allocF32(count * stride);
          const [offset, root] = spectrum === 'power' ? [0, 0] : [magnitudeOffset, 1];
          exports.spectrumPower(spectra.pointer, power.pointer, count, stride, offset, root);
          const bands = this.#matrix.apply(power, stride);
          if (logarithm !== 'none') exports.logarithm(bands.pointer, bands.length, floor, LOG_SCALE[logarithm]);
          result.set(bands.view, first * this.#matrix.bands);
        });
      }
    });
    return result;
  }

  dispose(): void {
    this.#stft.dispose();
    this.#matrix.dispose();
  }
}
