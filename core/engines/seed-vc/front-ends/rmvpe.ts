import { melTriangles } from '../../../kernels/bands.ts';
import { MelSpectrogram } from '../../../kernels/mel.ts';
import type { Kernels } from '../../../kernels/module.ts';
import { hannWindow } from '../../../kernels/stft.ts';
import { LISTENING_RATE } from '../presets.ts';
import { transposed } from './mel.ts';

export const RMVPE_BANDS = 128;
/** The network halves time five times. */
const FRAME_MULTIPLE = 32;
const FFT_SIZE = 1024;

/** Log-mel spectrogram that the pitch network RMVPE hears, 100 frames a second. */
export class RmvpeMel {
  readonly #spectrogram: MelSpectrogram;

  constructor(kernels: Kernels) {
    this.#spectrogram = new MelSpectrogram(kernels, {
      fftSize: FFT_SIZE,
      hop: LISTENING_RATE / 100,
      window: hannWindow(FFT_SIZE),
      padding: 'reflect',
      bands: melTriangles({
        sampleRate: LISTENING_RATE,
        fftSize: FFT_SIZE,
        bands: RMVPE_BANDS,
        lowHz: 30,
        highHz: 8000,
        scale: 'htk',
        normalisation: 'area',
      }),
      spectrum: 'magnitude',
      logarithm: 'natural',
      floor: 1e-5,
    });
  }

  /** Frames of the signal, without those that fill up. */
  frameCount(length: number): number {
    return this.#spectrogram.frameCount(length);
  }

  /** [RMVPE_BANDS, frames], filled up with zeros to a multiple of 32 frames. Samples at 16 kHz. */
  compute(samples: Float32Array): Float32Array<ArrayBuffer> {
    const rows = this.#spectrogram.compute(samples);
    const frames = Math.ceil(rows.length / RMVPE_BANDS / FRAME_MULTIPLE) * FRAME_MULTIPLE;
    const filled = new Float32Array(frames * RMVPE_BANDS);
    filled.set(rows);
    return transposed(filled, RMVPE_BANDS);
  }

  dispose(): void {
    this.#spectrogram.dispose();
  }
}
