import type { BandWeights } from '../../kernels/bands.ts';
import { MelSpectrogram } from '../../kernels/mel.ts';
import type { Kernels } from '../../kernels/module.ts';
import { hannWindow } from '../../kernels/stft.ts';
import { SAMPLE_RATE } from './bands.ts';

/** Samples from frame to frame. */
export const SPECTRA_HOP = 256;
/** Bands of each spectrum. */
export const SPECTRA_BANDS = 128;
/** The same sound through three windows: the long one tells harmonics apart, the short one moments. In the network's order. */
const FFT_SIZES = [1024, 2048, 512] as const;
export const SPECTRA = FFT_SIZES.length;
/** Frames that the longest window reaches to each side. */
const REACH_FRAMES = Math.max(...FFT_SIZES) / 2 / SPECTRA_HOP;
/** Centre of the first band, and the step to the next as a ratio: 95 of them cover what the network takes for a pitch. */
const LOWEST_HERTZ = 46.875;
const BAND_RATIO = (2093.75 / LOWEST_HERTZ) ** (1 / 94);
const LOG_OFFSET = 1e-8;

/**
 * What the pitch network (SwiftF0) hears: logarithms of three band spectra, each with a window of its own. The published model
 * computes them inside its graph, its transforms as products of matrices; the same by FFT takes a tenth of the time.
 */
export class PitchSpectra {
  readonly #spectrograms: readonly MelSpectrogram[];

  constructor(kernels: Kernels) {
    this.#spectrograms = FFT_SIZES.map(
      (fftSize) =>
        new MelSpectrogram(kernels, {
          fftSize,
          hop: SPECTRA_HOP,
          window: hannWindow(fftSize),
          padding: 'zeros',
          bands: pitchBands(fftSize),
          spectrum: 'magnitude',
          logarithm: 'none',
        }),
    );
  }

  /** Frames `first` … `end` − 1 of a signal at 16 kHz, centred on multiples of the hop: [SPECTRA, SPECTRA_BANDS, frames] in nat. */
  compute(samples: Float32Array, first: number, end: number): Float32Array {
    const frames = end - first;
    const out = new Float32Array(SPECTRA * SPECTRA_BANDS * frames);
    const lead = Math.min(first, REACH_FRAMES);
    const heard = samples.subarray((first - lead) * SPECTRA_HOP, (end + REACH_FRAMES) * SPECTRA_HOP);
    for (const [index, spectrogram] of this.#spectrograms.entries()) {
      const rows = spectrogram.compute(heard).subarray(lead * SPECTRA_BANDS);
      const spectrum = out.subarray(index * SPECTRA_BANDS * frames);
      for (let band = 0; band < SPECTRA_BANDS; band++) {
        for (let frame = 0; frame < frames; frame++) {
          spectrum[band * frames + frame] = Math.log((rows[frame * SPECTRA_BANDS + band] ?? 0) + LOG_OFFSET);
        }
      }
    }
    return out;
  }

  free(): void {
    for (const spectrogram of this.#spectrograms) spectrogram.dispose();
  }
}

/** Averages of bins: triangles from each centre to its neighbours, their weights summing to 1; the nearest bin where none lies inside. */
export function pitchBands(fftSize: number): BandWeights {
  const binHertz = SAMPLE_RATE / fftSize;
  const centre = (band: number) => LOWEST_HERTZ * BAND_RATIO ** band;
  const rows = Array.from({ length: SPECTRA_BANDS }, (_, band) => {
    const [below, middle, above] = [centre(band - 1), centre(band), centre(band + 1)];
    const first = Math.floor(below / binHertz) + 1;
    const last = Math.min(Math.ceil(above / binHertz) - 1, fftSize / 2);
    // Halves go down, as in the network's training.
    if (first > last) return { first: Math.ceil(middle / binHertz - 0.5), weights: [1] };
    const weights = Array.from({ length: last - first + 1 }, (_, i) => {
      const hertz = (first + i) * binHertz;
      return hertz <= middle ? (hertz - below) / (middle - below) : (above - hertz) / (above - middle);
    });
    const sum = weights.reduce((total, weight) => total + weight, 0);
    return { first, weights: weights.map((weight) => weight / sum) };
  });
  return { first: rows.map((row) => row.first), weights: rows.map((row) => row.weights) };
}
