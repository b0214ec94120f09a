import { readPadded } from './blocks.ts';
import { type RealFft, realFft } from './fft.ts';
import { type BinPositions, HIGHEST_GAIN, LOWEST_GAIN } from './filter.ts';
import type { F32Block, Kernels, Reserved } from './module.ts';

/** Length of the transforms, in samples: a response may ring for so long, less a hop. */
const SIZE = 1024;

/**
 * Time-varying filter that looks ahead no farther than the frame it leads to. Each frame's response is the minimum-phase one to its
 * gains (folded cepstrum, Oppenheim & Schafer 1975); between two frames what both give is crossfaded. Gains are in nat per
 * band, limited as those of `TimeVaryingFilter`. Nothing is allocated from frame to frame.
 */
export class MinimumPhaseFilter {
  readonly #fft: RealFft;
  readonly #hop: number;
  readonly #positions: BinPositions;
  readonly #signal: Block;
  readonly #product: Block;
  readonly #work: Block;
  /** Spectra of the last frame's response and of the next one's. */
  #before: Block;
  #after: Block;
  readonly #out: Float32Array<ArrayBuffer>;
  #isFirst = true;

  /** `hop`: samples from frame to frame, at most a quarter of 1024; `positions`: where its 513 bins lie between bands. */
  constructor(kernels: Kernels, hop: number, positions: BinPositions) {
    this.#fft = realFft(kernels, SIZE);
    this.#hop = hop;
    this.#positions = positions;
    const reserve = () => kernels.reserveF32(Math.max(SIZE, this.#fft.spectrumLength));
    this.#signal = reserve();
    this.#product = reserve();
    this.#work = reserve();
    this.#before = reserve();
    this.#after = reserve();
    this.#out = new Float32Array(hop);
  }

  /** Begins a new signal. */
  reset(): void {
    this.#isFirst = true;
  }

  /**
   * Filters the `hop` samples before the next frame's `centre` in `samples`, which still hold what came before (zeros are taken
   * where they begin). `gains` [bands] are that frame's; before the first frame its own hold. Gives a buffer that the next call overwrites.
   */
  next(samples: Float32Array, centre: number, gains: Float32Array): Float32Array<ArrayBuffer> {
    this.#respond(gains, this.#after);
    if (this.#isFirst) this.#before.view.set(this.#after.view);
    this.#isFirst = false;
    readPadded(samples, centre - SIZE, this.#signal.view);
    this.#fft.forward(this.#signal.pointer, this.#signal.pointer);
    const hop = this.#hop;
    const out = this.#out;
    out.set(this.#filtered(this.#before).subarray(SIZE - hop, SIZE));
    const rising = this.#filtered(this.#after).subarray(SIZE - hop, SIZE);
    for (let i = 0; i < hop; i++) {
      const share = 0.5 - 0.5 * Math.cos((Math.PI * (i + 0.5)) / hop);
      out[i] = (out[i] as number) * (1 - share) + (rising[i] as number) * share;
    }
    [this.#before, this.#after] = [this.#after, this.#before];
    return out;
  }

  free(): void {
    for (const block of [this.#signal, this.#product, this.#work, this.#before, this.#after]) block.free();
  }

  /** The signal through a response, by its circular convolution: right but for the beginning. */
  #filtered(response: F32Block): Float32Array {
    const { stride, bins } = this.#fft;
    const [x, h, y] = [this.#signal.view, response.view, this.#product.view];
    for (let bin = 0; bin < bins; bin++) {
      const [a, b] = [x[bin] as number, x[stride + bin] as number];
      const [c, d] = [h[bin] as number, h[stride + bin] as number];
      y[bin] = a * c - b * d;
      y[stride + bin] = a * d + b * c;
    }
    this.#fft.inverse(this.#product.pointer, this.#product.pointer);
    return this.#product.view;
  }

  /** The minimum-phase spectrum whose magnitude is e^gain. */
  #respond(gains: Float32Array, out: F32Block): void {
    const { stride, bins } = this.#fft;
    const { lower, fraction } = this.#positions;
    const cepstrum = this.#work.view.fill(0);
    for (let bin = 0; bin < bins; bin++) {
      const band = lower[bin] as number;
      const left = gains[band] as number;
      const gain = left + ((gains[band + 1] as number) - left) * (fraction[bin] as number);
      cepstrum[bin] = Math.min(Math.max(gain, LOWEST_GAIN), HIGHEST_GAIN);
    }
    this.#fft.inverse(this.#work.pointer, this.#work.pointer);
    for (let i = 1; i < SIZE / 2; i++) cepstrum[i] = 2 * (cepstrum[i] as number);
    cepstrum.fill(0, SIZE / 2 + 1);
    this.#fft.forward(this.#work.pointer, this.#work.pointer);
    const response = out.view.fill(0);
    for (let bin = 0; bin < bins; bin++) {
      const magnitude = Math.exp(cepstrum[bin] as number);
      const phase = cepstrum[stride + bin] as number;
      response[bin] = magnitude * Math.cos(phase);
      response[stride + bin] = magnitude * Math.sin(phase);
    }
  }
}

type Block = Reserved<Float32Array<ArrayBuffer>>;
