import { melTriangles } from '../../../kernels/bands.ts';
import { MelSpectrogram } from '../../../kernels/mel.ts';
import type { Kernels } from '../../../kernels/module.ts';
import { hannWindow } from '../../../kernels/stft.ts';
import type { MelConvention } from '../presets.ts';

/** Added to the power below the root, and the least value before the logarithm. */
const MAGNITUDE_OFFSET = 1e-9;
const FLOOR = 1e-5;

/**
 * Log-mel spectrogram as HiFi-GAN makes it, what the diffusion model draws and the vocoder reads: frames lie in the middle of their
 * hops, magnitudes through Slaney's triangles, natural logarithm.
 */
export class VocoderMel {
  readonly #convention: MelConvention;
  readonly #spectrogram: MelSpectrogram;

  constructor(kernels: Kernels, convention: MelConvention) {
    const { sampleRate, fftSize, hop, bands, highHz = sampleRate / 2 } = convention;
    this.#convention = convention;
    this.#spectrogram = new MelSpectrogram(kernels, {
      fftSize,
      hop,
      window: hannWindow(fftSize),
      padding: 'none',
      bands: melTriangles({ sampleRate, fftSize, bands, lowHz: 0, highHz, scale: 'slaney', normalisation: 'area' }),
      spectrum: 'magnitude',
      magnitudeOffset: MAGNITUDE_OFFSET,
      logarithm: 'natural',
      floor: FLOOR,
    });
  }

  /** [bands, ⌊length / hop⌋] in nat. */
  compute(samples: Float32Array): Float32Array<ArrayBuffer> {
    const { fftSize, hop, bands } = this.#convention;
    return transposed(this.#spectrogram.compute(mirrored(samples, (fftSize - hop) / 2)), bands);
  }

  dispose(): void {
    this.#spectrogram.dispose();
  }
}

/** The samples with `count` more at both ends, mirrored there without repeating the end sample, as torch's reflect padding. */
function mirrored(samples: Float32Array, count: number): Float32Array {
  const { length } = samples;
  const out = new Float32Array(length + 2 * count);
  out.set(samples, count);
  const period = Math.max(1, 2 * (length - 1));
  for (let i = 1; i <= count; i++) {
    const at = i % period;
    const inside = at < length ? at : period - at;
    out[count - i] = samples[inside] ?? 0;
    out[count + length - 1 + i] = samples[length - 1 - inside] ?? 0;
  }
  return out;
}

/** [rows, columns] of [columns, rows]. */
export function transposed(values: Float32Array, rows: number): Float32Array<ArrayBuffer> {
  const columns = values.length / rows;
  const out = new Float32Array(values.length);
  for (let column = 0; column < columns; column++) {
    for (let row = 0; row < rows; row++) out[row * columns + column] = values[column * rows + row] as number;
  }
  return out;
}
