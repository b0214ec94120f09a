/** Fourier transforms of 16 points every 4 samples, windowed by Hann: what HiFT hears of its source, and how it speaks. */
const SIZE = 16;
export const HOP = 4;
/** Frequencies of a spectrum. */
const BINS = SIZE / 2 + 1;
/** Values of a spectrum: of all frequencies first one part, then the other. */
export const SPECTRUM = 2 * BINS;
const LARGEST_MAGNITUDE = 100;

const hann = Float64Array.from({ length: SIZE }, (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / SIZE));

/** Real parts' and imaginary parts' waves, [SPECTRUM, SIZE], windowed. */
const waves = Float64Array.from({ length: SPECTRUM * SIZE }, (_, at) => {
  const [row, i] = [Math.floor(at / SIZE), at % SIZE];
  const angle = (2 * Math.PI * (row % BINS) * i) / SIZE;
  return (hann[i] as number) * (row < BINS ? Math.cos(angle) : -Math.sin(angle));
});

/** The samples with the first and the last eight mirrored around them, as centred frames want them. */
export function mirrored(samples: Float32Array): Float32Array<ArrayBuffer> {
  const edge = SIZE / 2;
  const { length } = samples;
  return Float32Array.from({ length: length + SIZE }, (_, i) => {
    const at = Math.abs(i - edge);
    return samples[at < length ? at : 2 * (length - 1) - at] ?? 0;
  });
}

/** Spectra of the frames `from` … `from + count − 1` of mirrored samples, real parts and imaginary parts, in rows of `stride` values. */
export function writeSpectra(samples: Float32Array, from: number, out: Float32Array, stride: number): void {
  for (let row = 0, start = from * HOP; row < out.length; row += stride, start += HOP) {
    for (let value = 0; value < SPECTRUM; value++) {
      let sum = 0;
      for (let i = 0; i < SIZE; i++) sum += (waves[value * SIZE + i] as number) * (samples[start + i] as number);
      out[row + value] = sum;
    }
  }
}

/** Adds up the sound of spectra that come in order. */
export class Synthesis {
  /** As mirrored samples: eight too many at each end. */
  readonly #sum: Float32Array;
  readonly #frames: number;
  readonly #parts = new Float64Array(SPECTRUM);

  constructor(frames: number) {
    this.#frames = frames;
    this.#sum = new Float32Array((frames - 1) * HOP + SIZE);
  }

  /** Adds frames from `from` on: in rows of `stride` values logarithms of magnitudes, then what the sines are taken of that are the angles. */
  add(rows: Float32Array, stride: number, from: number): void {
    const parts = this.#parts;
    const sum = this.#sum;
    for (let row = 0, start = from * HOP; row < rows.length; row += stride, start += HOP) {
      for (let bin = 0; bin < BINS; bin++) {
        const magnitude = Math.min(Math.exp(rows[row + bin] as number), LARGEST_MAGNITUDE);
        const angle = Math.sin(rows[row + BINS + bin] as number);
        // Frequencies between the ends stand for their mirror images as well.
        const scale = (bin % (SIZE / 2) === 0 ? 1 : 2) / SIZE;
        parts[bin] = scale * magnitude * Math.cos(angle);
        parts[BINS + bin] = scale * magnitude * Math.sin(angle);
      }
      for (let i = 0; i < SIZE; i++) {
        let value = 0;
        for (let part = 0; part < SPECTRUM; part++)
          value += (parts[part] as number) * (waves[part * SIZE + i] as number);
        sum[start + i] = (sum[start + i] as number) + value;
      }
    }
  }

  /** The sound, [HOP · (frames − 1)], within ±`limit`. */
  finish(limit: number): Float32Array<ArrayBuffer> {
    const edge = SIZE / 2;
    return Float32Array.from({ length: this.#sum.length - SIZE }, (_, at) => {
      const sample = (this.#sum[at + edge] as number) / this.#windows(at + edge);
      return Math.min(Math.max(sample, -limit), limit);
    });
  }

  /** Squares of all windows over a sample. */
  #windows(sample: number): number {
    let sum = 0;
    for (let i = sample % HOP; i < SIZE; i += HOP) {
      const frame = (sample - i) / HOP;
      if (frame >= 0 && frame < this.#frames) sum += (hann[i] as number) ** 2;
    }
    return sum;
  }
}
