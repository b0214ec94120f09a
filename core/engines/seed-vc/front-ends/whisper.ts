import { melTriangles } from '../../../kernels/bands.ts';
import { MelSpectrogram } from '../../../kernels/mel.ts';
import type { Kernels } from '../../../kernels/module.ts';
import { hannWindow } from '../../../kernels/stft.ts';
import { LISTENING_RATE } from '../presets.ts';
import { transposed } from './mel.ts';

export const WHISPER_BANDS = 80;
/** Frames of the window that Whisper always hears, 30 s. */
export const WHISPER_FRAMES = 3000;
const WINDOW_SAMPLES = 30 * LISTENING_RATE;
const FFT_SIZE = 400;
/** Decades below the loudest value at which everything counts as silence. */
const RANGE_DECADES = 8;

/** Whisper's log-mel features. */
export class WhisperMel {
  readonly #spectrogram: MelSpectrogram;

  constructor(kernels: Kernels) {
    this.#spectrogram = new MelSpectrogram(kernels, {
      fftSize: FFT_SIZE,
      hop: 160,
      window: hannWindow(FFT_SIZE),
      padding: 'reflect',
      bands: melTriangles({
        sampleRate: LISTENING_RATE,
        fftSize: FFT_SIZE,
        bands: WHISPER_BANDS,
        lowHz: 0,
        highHz: 8000,
        scale: 'slaney',
        normalisation: 'area',
      }),
      spectrum: 'power',
      logarithm: 'common',
      floor: 1e-10,
    });
  }

  /** Up to 30 s at 16 kHz, silence after their end: [WHISPER_BANDS, WHISPER_FRAMES], about −1 … 1.5. */
  compute(samples: Float32Array): Float32Array<ArrayBuffer> {
    const window = new Float32Array(WINDOW_SAMPLES);
    window.set(samples.subarray(0, WINDOW_SAMPLES));
    const rows = this.#spectrogram.compute(window).subarray(0, WHISPER_FRAMES * WHISPER_BANDS);
    let loudest = Number.NEGATIVE_INFINITY;
    for (const value of rows) loudest = Math.max(loudest, value);
    const least = loudest - RANGE_DECADES;
    return transposed(
      rows.map((value) => (Math.max(value, least) + 4) / 4),
      WHISPER_BANDS,
    );
  }

  dispose(): void {
    this.#spectrogram.dispose();
  }
}
