/**
 * The inverse modified discrete cosine transform of AAC, scaled by 2/N:
 * out[n] = 1/M · Σ in[k] · cos(π/M · (n + ½ + M/2)(k + ½)) for n = 0..2M−1, by way of a DCT-IV and a complex FFT of M/2.
 */
export class InverseMdct {
  private readonly half: number;
  private readonly cosine: Float64Array;
  private readonly sine: Float64Array;
  private readonly real: Float64Array;
  private readonly imaginary: Float64Array;
  private readonly fft: (real: Float64Array, imaginary: Float64Array) => void;

  /** `size`: number of coefficients M, a power of two. */
  constructor(private readonly size: number) {
    this.half = size / 2;
    const angle = (k: number) => (Math.PI * (8 * k + 1)) / (8 * size);
    this.cosine = Float64Array.from({ length: this.half }, (_, k) => Math.cos(angle(k)));
    this.sine = Float64Array.from({ length: this.half }, (_, k) => Math.sin(angle(k)));
    this.real = new Float64Array(this.half);
    this.imaginary = new Float64Array(this.half);
    this.fft = createFft(this.half);
  }

  /** `input`: M coefficients, `out`: 2M values. */
  transform(input: Float32Array, out: Float32Array): void {
    const { size, half, real, imaginary, cosine, sine } = this;
    for (let k = 0; k < half; k++) {
      const a = input[2 * k] ?? 0;
      const b = input[size - 1 - 2 * k] ?? 0;
      const c = cosine[k] ?? 0;
      const s = sine[k] ?? 0;
      real[k] = a * c + b * s;
      imaginary[k] = b * c - a * s;
    }
    this.fft(real, imaginary);
    const scale = 1 / size;
    for (let k = 0; k < half; k++) {
      const re = (real[k] ?? 0) * scale;
      const im = (imaginary[k] ?? 0) * scale;
      const c = cosine[k] ?? 0;
      const s = sine[k] ?? 0;
      this.place(out, 2 * k, re * c + im * s);
      this.place(out, size - 1 - 2 * k, re * s - im * c);
    }
  }

  /** Each value of the DCT-IV stands at two places of the output, by the symmetries of the cosine. */
  private place(out: Float32Array, m: number, value: number): void {
    const { size, half } = this;
    if (m >= half) {
      out[m - half] = value;
      out[size + half - 1 - m] = -value;
    } else {
      out[size + half - 1 - m] = -value;
      out[size + half + m] = -value;
    }
  }
}

/** An in-place complex FFT of a power of two (radix 2, decimation in time). */
function createFft(size: number): (real: Float64Array, imaginary: Float64Array) => void {
  const cosine = Float64Array.from({ length: size / 2 }, (_, i) => Math.cos((2 * Math.PI * i) / size));
  const sine = Float64Array.from({ length: size / 2 }, (_, i) => -Math.sin((2 * Math.PI * i) / size));
  const bits = Math.log2(size);
  const reversed = Uint32Array.from({ length: size }, (_, i) => {
    let value = 0;
    for (let bit = 0; bit < bits; bit++) value |= ((i >> bit) & 1) << (bits - 1 - bit);
    return value;
  });
  const swap = (values: Float64Array, i: number, k: number) => {
    const value = values[i] ?? 0;
    values[i] = values[k] ?? 0;
    values[k] = value;
  };
  return (real, imaginary) => {
    for (let i = 0; i < size; i++) {
      const k = reversed[i] ?? 0;
      if (k > i) {
        swap(real, i, k);
        swap(imaginary, i, k);
      }
    }
    for (let span = 1; span < size; span *= 2) {
      const stride = size / (2 * span);
      for (let i = 0; i < span; i++) {
        const c = cosine[i * stride] ?? 0;
        const s = sine[i * stride] ?? 0;
        for (let upper = i; upper < size; upper += 2 * span) {
          const lower = upper + span;
          const lowerRe = real[lower] ?? 0;
          const lowerIm = imaginary[lower] ?? 0;
          const upperRe = real[upper] ?? 0;
          const upperIm = imaginary[upper] ?? 0;
          const re = lowerRe * c - lowerIm * s;
          const im = lowerRe * s + lowerIm * c;
          real[lower] = upperRe - re;
          imaginary[lower] = upperIm - im;
          real[upper] = upperRe + re;
          imaginary[upper] = upperIm + im;
        }
      }
    }
  };
}
