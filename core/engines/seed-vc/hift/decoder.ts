import type { Weights } from '../../../inference/safetensors.ts';
import { leakyRelu } from '../../../kernels/convolution/activations.ts';
import type { FastConvolution } from '../../../kernels/convolution/fast.ts';
import { laidOut, Rows } from '../../../kernels/convolution/rows.ts';
import type { Kernels } from '../../../kernels/module.ts';
import type { Report } from '../content.ts';
import { HOP, mirrored, SPECTRUM, Synthesis } from './fourier.ts';
import { Layers } from './layers.ts';
import { PitchPredictor } from './pitch-predictor.ts';
import { type Chance, harmonicSource, type Mixture } from './source.ts';
import { type Source, Stage } from './stage.ts';

const SAMPLE_RATE = 22050;
/** Samples of a frame. */
const FRAME = 256;
const LIMIT = 0.99;
/** Slopes before a stage and before the last layer. */
const SLOPE = 0.1;
const LAST_SLOPE = 0.01;
/** Results hear 97 rows of 8 a frame to each side in the first stage, 123 rows of 64 in the second. */
const LOW = { spectraARow: 8, isMirrored: false, piece: 128, margin: 13 } as const;
const HIGH = { spectraARow: 1, isMirrored: true, piece: 512, margin: 16 } as const;
/** When each part of the work ends. */
const ENDS = { pitch: 0.04, low: 0.36, high: 1 } as const;

/**
 * HiFT (Li et al., "HiFTNet", 2023; the decoder of CosyVoice) on the kernels: a source that swings with the pitch is shaped by two stages of
 * residual blocks and spoken through an inverse Fourier transform. It gives what the exporter's graph gives.
 */
export class HiftDecoder {
  readonly #kernels: Kernels;
  readonly #layers: Layers;
  readonly #pitch: PitchPredictor;
  readonly #mixture: Mixture;
  readonly #first: FastConvolution;
  readonly #low: Stage;
  readonly #high: Stage;
  readonly #last: FastConvolution;
  readonly #spoken: Rows;

  /** Throws `UnavailableError('model-corrupt')` where weights are missing. */
  constructor(kernels: Kernels, weights: Weights) {
    const layers = new Layers(kernels, weights);
    this.#kernels = kernels;
    this.#layers = layers;
    this.#pitch = new PitchPredictor(kernels, layers);
    this.#mixture = {
      weights: layers.vector('m_source.l_linear.weight'),
      bias: layers.vector('m_source.l_linear.bias')[0] ?? 0,
    };
    this.#first = layers.fast('conv_pre');
    this.#low = new Stage(kernels, layers, 0, this.#first.outputs, LOW);
    this.#high = new Stage(kernels, layers, 1, this.#low.outputs, HIGH);
    this.#last = layers.fast('conv_post');
    this.#spoken = layers.rows(this.#high.capacity, SPECTRUM);
  }

  /** From a log-mel [bands, frames] to its sound, [256 · frames], in −0.99 … 0.99. */
  async decode(mel: Float32Array, bands: number, chance: Chance, report: Report): Promise<Float32Array<ArrayBuffer>> {
    const frames = mel.length / bands;
    const heard = new Rows(this.#kernels, frames, bands).resize(frames);
    const first = new Rows(this.#kernels, frames, this.#first.outputs).resize(frames);
    try {
      transpose(mel, heard);
      const pitch = await this.#pitch.predict(heard, (done) => report(done * ENDS.pitch));
      const samples = mirrored(harmonicSource(pitch, FRAME, SAMPLE_RATE, chance, this.#mixture));
      const source = { samples, spectra: (frames * FRAME) / HOP + 1 };
      this.#first.run(heard, first);
      leakyRelu(this.#kernels, first, SLOPE);
      const low = await this.#runLow(first.view.slice(), source, (done) => report(between(ENDS.pitch, ENDS.low, done)));
      return await this.#runHigh(low, source, (done) => report(between(ENDS.low, ENDS.high, done)));
    } finally {
      heard.free();
      first.free();
    }
  }

  async release(): Promise<void> {
    this.#layers.free();
  }

  async #runLow(input: Float32Array, source: Source, report: Report): Promise<Float32Array> {
    const { factor, outputs } = this.#low;
    const width = laidOut(outputs);
    const all = new Float32Array((input.length / laidOut(this.#first.outputs)) * factor * width);
    for await (const { rows, start, end, at } of this.#low.run(input, source, report)) {
      leakyRelu(this.#kernels, rows, SLOPE);
      all.set(rows.view.subarray(start * width, end * width), at * width);
    }
    return all;
  }

  async #runHigh(input: Float32Array, source: Source, report: Report): Promise<Float32Array<ArrayBuffer>> {
    const synthesis = new Synthesis(source.spectra);
    for await (const { rows, start, end, at } of this.#high.run(input, source, report)) {
      leakyRelu(this.#kernels, rows, LAST_SLOPE);
      this.#last.run(rows, this.#spoken.resize(rows.length));
      const { view, stride } = this.#spoken;
      synthesis.add(view.subarray(start * stride, end * stride), stride, at);
    }
    return synthesis.finish(LIMIT);
  }
}

/** [bands, frames] into rows. */
function transpose(mel: Float32Array, rows: Rows): void {
  const { view, stride, length } = rows;
  const bands = mel.length / length;
  for (let band = 0; band < bands; band++) {
    for (let frame = 0; frame < length; frame++) view[frame * stride + band] = mel[band * length + frame] as number;
  }
}

function between(start: number, end: number, fraction: number): number {
  return start + (end - start) * fraction;
}
