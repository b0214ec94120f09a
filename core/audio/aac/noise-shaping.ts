import type { BitReader } from '../bit-reader.ts';
import type { Bands } from './bands.ts';
import { shortSamples, type WindowInfo } from './channel.ts';

/** An all-pole filter that runs over the coefficients `start` to `end` of the frame, upwards or downwards. */
export interface ShapingFilter {
  readonly start: number;
  readonly end: number;
  readonly downwards: boolean;
  /** Coefficients of the denominator after the leading 1. */
  readonly poles: readonly number[];
}

const maxOrderLong = 12;
const maxOrderShort = 7;

/** Temporal noise shaping (`tns_data`, ISO/IEC 14496-3, table 4.54 and 4.6.9). */
export function readShaping(bits: BitReader, info: WindowInfo, bands: Bands): ShapingFilter[] {
  const short = info.windows === 8;
  const [countBits, lengthBits, orderBits] = short ? [1, 4, 3] : [2, 6, 5];
  const reach = Math.min(short ? bands.shapedShort : bands.shapedLong, info.usedBands);
  const edge = (band: number) => info.bandEdges[Math.min(band, reach)] ?? 0;

  const filters: ShapingFilter[] = [];
  for (let window = 0; window < info.windows; window++) {
    const count = bits.read(countBits);
    const fine = count > 0 && bits.readFlag();
    let top = info.bandEdges.length - 1;
    for (let i = 0; i < count; i++) {
      const bottom = Math.max(0, top - bits.read(lengthBits));
      const order = bits.read(orderBits);
      if (order > (short ? maxOrderShort : maxOrderLong)) throw new Error('noise shaping of too high an order');
      if (order > 0) {
        const downwards = bits.readFlag();
        const poles = directForm(readReflections(bits, order, fine ? 4 : 3));
        const [start, end] = [window * shortSamples + edge(bottom), window * shortSamples + edge(top)];
        if (end > start) filters.push({ start, end, downwards, poles });
      }
      top = bottom;
    }
  }
  return filters;
}

function readReflections(bits: BitReader, order: number, resolution: number): number[] {
  const storedBits = resolution - bits.read(1);
  const half = 2 ** (resolution - 1);
  return Array.from({ length: order }, () => {
    const stored = bits.read(storedBits);
    const value = stored >= 2 ** (storedBits - 1) ? stored - 2 ** storedBits : stored;
    return Math.sin((value * Math.PI) / 2 / (value >= 0 ? half - 0.5 : half + 0.5));
  });
}

/** Reflection coefficients to the coefficients of a filter. */
function directForm(reflections: readonly number[]): number[] {
  let coefficients: number[] = [];
  for (const reflection of reflections) {
    const mirrored = coefficients.toReversed();
    coefficients = [...coefficients.map((value, i) => value + reflection * (mirrored[i] ?? 0)), reflection];
  }
  return coefficients;
}

/** Runs a filter over the spectrum, in place. */
export function shapeInPlace(spectrum: Float32Array, { start, end, downwards, poles }: ShapingFilter): void {
  const step = downwards ? -1 : 1;
  let at = downwards ? end - 1 : start;
  for (let i = 0; i < end - start; i++, at += step) {
    let value = spectrum[at] ?? 0;
    for (let k = 0; k < poles.length && k < i; k++) value -= (poles[k] ?? 0) * (spectrum[at - (k + 1) * step] ?? 0);
    spectrum[at] = value;
  }
}
