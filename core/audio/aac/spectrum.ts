import {
  bandIndex,
  type CodedChannel,
  forEachBand,
  intensityInPhase,
  intensityOutOfPhase,
  noiseBook,
  type WindowInfo,
  zeroBook,
} from './channel.ts';
import { shapeInPlace } from './noise-shaping.ts';

/** Which bands of a pair are coded as sum and difference (`ms_mask_present`): none, those flagged, or all. */
export interface MidSide {
  readonly mode: 0 | 1 | 2;
  readonly flags: Uint8Array;
}

const usesMidSide = ({ mode, flags }: MidSide, index: number): boolean =>
  mode === 2 || (mode === 1 && flags[index] === 1);

const powers = Float64Array.from({ length: 8192 + 16 }, (_, i) => i ** (4 / 3));

/** Writes the coefficients of a channel, as if it stood alone, on the scale of 16-bit samples. */
export function dequantizeInto(spectrum: Float32Array, channel: CodedChannel, noise: NoiseSource): void {
  spectrum.fill(0);
  const { info, books, scales, quantized } = channel;
  forEachBand(info, (index, start, end) => {
    const book = books[index] ?? zeroBook;
    if (book === zeroBook || book === intensityInPhase || book === intensityOutOfPhase) return;
    if (book === noiseBook) {
      noise.fill(spectrum, start, end, 2 ** ((scales[index] ?? 0) / 4));
      return;
    }
    const scale = 2 ** (((scales[index] ?? 0) - 100) / 4);
    for (let i = start; i < end; i++) {
      const value = quantized[i] ?? 0;
      spectrum[i] = Math.sign(value) * (powers[Math.abs(value)] ?? 0) * scale;
    }
  });
}

/**
 * Undoes the joint coding of a pair, in place: sum and difference, and intensity, where the right channel is the left one times
 * a gain (ISO/IEC 14496-3, 4.6.8). Noise bands that are flagged as sum and difference have the same noise in both.
 */
export function separatePair(
  left: Float32Array,
  right: Float32Array,
  leftCoded: CodedChannel,
  rightCoded: CodedChannel,
  midSide: MidSide,
): void {
  forEachBand(rightCoded.info, (index, start, end) => {
    const leftBook = leftCoded.books[index] ?? zeroBook;
    const book = rightCoded.books[index] ?? zeroBook;
    if (book === intensityInPhase || book === intensityOutOfPhase) {
      const inverted = midSide.mode === 1 && midSide.flags[index] === 1;
      const sign = (book === intensityInPhase) !== inverted ? 1 : -1;
      const gain = sign * 2 ** (-(rightCoded.scales[index] ?? 0) / 4);
      for (let i = start; i < end; i++) right[i] = (left[i] ?? 0) * gain;
    } else if (!usesMidSide(midSide, index)) {
      return;
    } else if (book === noiseBook && leftBook === noiseBook) {
      const gain = 2 ** (((rightCoded.scales[index] ?? 0) - (leftCoded.scales[index] ?? 0)) / 4);
      for (let i = start; i < end; i++) right[i] = (left[i] ?? 0) * gain;
    } else if (book !== noiseBook && leftBook !== noiseBook) {
      for (let i = start; i < end; i++) {
        const [mid, side] = [left[i] ?? 0, right[i] ?? 0];
        left[i] = mid + side;
        right[i] = mid - side;
      }
    }
  });
}

export function shapeNoise(spectrum: Float32Array, channel: CodedChannel): void {
  for (const filter of channel.shaping) shapeInPlace(spectrum, filter);
}

/** Reads the flags of a pair with common windows. */
export function readMidSide(bits: { read(count: number): number }, { groups, usedBands }: WindowInfo): MidSide {
  const mode = bits.read(2);
  const flags = new Uint8Array(bandIndex(groups.length, 0));
  if (mode === 3) throw new Error('no such joint coding');
  if (mode === 1) {
    for (let group = 0; group < groups.length; group++) {
      for (let band = 0; band < usedBands; band++) flags[bandIndex(group, band)] = bits.read(1);
    }
  }
  return { mode: mode === 2 ? 2 : mode === 1 ? 1 : 0, flags };
}

/** Repeatable noise for bands of which only the energy is coded (perceptual noise substitution). */
export class NoiseSource {
  private state = 0x1f2e3d4c;

  /** Fills a part with noise of the given root of the sum of squares. */
  fill(out: Float32Array, start: number, end: number, amount: number): void {
    let energy = 0;
    for (let i = start; i < end; i++) {
      this.state = (Math.imul(this.state, 1664525) + 1013904223) | 0;
      out[i] = this.state;
      energy += this.state ** 2;
    }
    const scale = energy > 0 ? amount / Math.sqrt(energy) : 0;
    for (let i = start; i < end; i++) out[i] = (out[i] ?? 0) * scale;
  }
}
