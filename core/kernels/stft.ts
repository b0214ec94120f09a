import { type RealFft, realFft } from './fft.ts';
import type { F32Block, Kernels, Reserved } from './module.ts';

export interface StftShape {
  /** Samples of a transformed frame: a size that `RealFft` takes. */
  readonly fftSize: number;
  /** Samples from one frame to the next. */
  readonly hop: number;
  /** At most `fftSize` values; a shorter window lies in the middle of the frame, with zeros around it. */
  readonly window: ArrayLike<number>;
  /**
   * `reflect`, `zeros`: frame t is centred on sample t·hop, and beyond its ends the signal is mirrored (the end sample not
   * repeated) or zero. `none`: frame t begins at sample t·hop and no frame reaches beyond the end.
   */
  readonly padding: 'reflect' | 'zeros' | 'none';
}

/** Below this sum of squared windows a sample is left as it is: the overlap does not reach it. As librosa, the smallest normal f32. */
const LEAST_WEIGHT = 1.1754944e-38;

/**
 * Short-time Fourier transform and its inverse by weighted overlap-add, in the conventions of librosa and torch.stft.
 * Spectra are split (see `RealFft`), one after the other: [frames, fft.spectrumLength].
 */
export class Stft {
  readonly fft: RealFft;
  readonly hop: number;
  readonly #kernels: Kernels;
  readonly #window: Reserved<Float32Array<ArrayBuffer>>;
  readonly #frame: Reserved<Float32Array<ArrayBuffer>>;
  readonly #padding: StftShape['padding'];

  /** Throws `RangeError` for a size without a transform, a window longer than it, or a hop below 1. */
  constructor(kernels: Kernels, shape: StftShape) {
    const { fftSize, hop, window, padding } = shape;
    if (window.length < 1 || window.length > fftSize) throw new RangeError(`window of ${window.length} for ${fftSize}`);
    if (!Number.isInteger(hop) || hop < 1) throw new RangeError(`hop ${hop}`);
    this.fft = realFft(kernels, fftSize);
    this.hop = hop;
    this.#kernels = kernels;
    this.#padding = padding;
    this.#window = kernels.reserveF32(window.length);
    this.#window.view.set(window);
    this.#frame = kernels.reserveF32(fftSize);
  }

  /** Number of frames of a signal: 1 + ⌊length / hop⌋ when centred, else those that fit. */
  frameCount(length: number): number {
    if (this.#padding !== 'none') return 1 + Math.floor(length / this.hop);
    return length < this.fft.size ? 0 : 1 + Math.floor((length - this.fft.size) / this.hop);
  }

  /**
   * Spectra of frames `firstFrame` … `firstFrame + frames − 1` (by default all) as a temporary block. Long signals are
   * best taken in pieces of some hundred frames.
   */
  forward(signal: F32Block, firstFrame = 0, frames = this.frameCount(signal.length) - firstFrame): F32Block {
    const spectra = this.#kernels.allocF32(frames * this.fft.spectrumLength);
    if (frames > 0 && signal.length > 0) {
      this.#kernels.exports.stft(
        this.fft.plan,
        signal.pointer,
        signal.length,
        this.#padding === 'reflect' ? 1 : 0,
        this.#start(firstFrame),
        this.hop,
        frames,
        this.#window.pointer,
        this.#window.length,
        this.#frame.pointer,
        spectra.pointer,
      );
    }
    return spectra;
  }

  /** The `length` samples whose frames `spectra` are, as a temporary block. Parts that no window reaches are zero. */
  inverse(spectra: F32Block, length: number): F32Block {
    const samples = this.#kernels.allocF32(length);
    this.#kernels.scope(() => {
      const weight = this.#kernels.allocF32(length);
      this.#kernels.exports.overlapAddSpectra(
        this.fft.plan,
        spectra.pointer,
        Math.floor(spectra.length / this.fft.spectrumLength),
        this.#start(0),
        this.hop,
        this.#window.pointer,
        this.#window.length,
        this.#frame.pointer,
        samples.pointer,
        weight.pointer,
        length,
      );
      this.#kernels.exports.divideByWeight(samples.pointer, weight.pointer, LEAST_WEIGHT, length);
    });
    return samples;
  }

  /** Gives back window and scratch; the transform's plan stays for others. */
  dispose(): void {
    this.#window.free();
    this.#frame.free();
  }

  /** Index of the first windowed sample of a frame. */
  #start(frame: number): number {
    const lead = (this.fft.size - this.#window.length) >> 1;
    return frame * this.hop + lead - (this.#padding === 'none' ? 0 : this.fft.size / 2);
  }
}

/** Periodic Hann window, as scipy.signal.get_window('hann', length). */
export function hannWindow(length: number): Float32Array<ArrayBuffer> {
  return Float32Array.from({ length }, (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / length));
}
