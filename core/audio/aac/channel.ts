import type { BitReader } from '../bit-reader.ts';
import type { Bands } from './bands.ts';
import { type SpectralBook, scaleFactorCode, spectralBooks } from './codebooks.ts';
import { readShaping, type ShapingFilter } from './noise-shaping.ts';

/** Samples per channel of one frame. */
export const frameSamples = 1024;
export const shortSamples = 128;
const maxBands = 51;

export const windowSequence = { long: 0, start: 1, short: 2, stop: 3 } as const;

/** Codebooks that stand for something else than coded values. */
export const zeroBook = 0;
export const noiseBook = 13;
export const intensityOutOfPhase = 14;
export const intensityInPhase = 15;

/** How a frame is cut into windows (`ics_info`, ISO/IEC 14496-3, table 4.6). */
export interface WindowInfo {
  readonly sequence: number;
  /** 0: sine, 1: Kaiser–Bessel derived. */
  readonly shape: number;
  readonly windows: 1 | 8;
  /** Numbers of successive windows that share their scale factors. */
  readonly groups: readonly number[];
  readonly usedBands: number;
  readonly bandEdges: Uint16Array;
}

/** One channel of one frame as coded. Values per band are at `group · maxBands + band`, see `bandIndex`. */
export interface CodedChannel {
  readonly info: WindowInfo;
  readonly books: Uint8Array;
  /** Scale factor, noise energy or intensity position, by the band's codebook. */
  readonly scales: Int16Array;
  /** Quantized values: of each window its coefficients, 1024 in all. */
  readonly quantized: Int32Array;
  readonly shaping: readonly ShapingFilter[];
}

export const bandIndex = (group: number, band: number): number => group * maxBands + band;

/** Calls `visit` for each used band of each window, window after window inside a band, as AAC orders them. */
export function forEachBand(
  info: WindowInfo,
  visit: (index: number, start: number, end: number, group: number, band: number) => void,
): void {
  let firstWindow = 0;
  info.groups.forEach((windows, group) => {
    for (let band = 0; band < info.usedBands; band++) {
      const [low = 0, high = 0] = [info.bandEdges[band], info.bandEdges[band + 1]];
      for (let window = firstWindow; window < firstWindow + windows; window++) {
        visit(bandIndex(group, band), window * shortSamples + low, window * shortSamples + high, group, band);
      }
    }
    firstWindow += windows;
  });
}

export function readWindowInfo(bits: BitReader, bands: Bands): WindowInfo {
  bits.skip(1);
  const sequence = bits.read(2);
  const shape = bits.read(1);
  const short = sequence === windowSequence.short;
  const usedBands = bits.read(short ? 4 : 6);
  const groups = short ? readGroups(bits) : [1];
  if (!short && bits.readFlag()) throw new Error('prediction is not part of AAC-LC');
  const bandEdges = short ? bands.short : bands.long;
  if (usedBands >= bandEdges.length) throw new Error('more bands than there are');
  return { sequence, shape, windows: short ? 8 : 1, groups, usedBands, bandEdges };
}

/** Seven flags, one for each window but the first: whether it belongs to the group before it. */
function readGroups(bits: BitReader): number[] {
  const groups = [1];
  for (let window = 1; window < 8; window++) {
    if (bits.readFlag()) groups[groups.length - 1] = (groups.at(-1) ?? 0) + 1;
    else groups.push(1);
  }
  return groups;
}

/**
 * Reads one channel (`individual_channel_stream`, table 4.50). `shared`: window information of a pair that has it in common;
 * `quantized`: memory for the values.
 */
export function readChannel(
  bits: BitReader,
  bands: Bands,
  shared: WindowInfo | undefined,
  quantized: Int32Array,
): CodedChannel {
  const globalGain = bits.read(8);
  const info = shared ?? readWindowInfo(bits, bands);
  const books = readBooks(bits, info);
  const scales = readScales(bits, info, books, globalGain);
  const pulses = bits.readFlag() ? readPulses(bits, info) : [];
  const shaping = bits.readFlag() ? readShaping(bits, info, bands) : [];
  if (bits.readFlag()) throw new Error('gain control is not part of AAC-LC');
  readSpectrumInto(quantized, bits, info, books);
  for (const { position, amount } of pulses) {
    const value = quantized[position] ?? 0;
    quantized[position] = value > 0 ? value + amount : value - amount;
  }
  return { info, books, scales, quantized, shaping };
}

/** Sections of bands that share a codebook (table 4.52). */
function readBooks(bits: BitReader, info: WindowInfo): Uint8Array {
  const books = new Uint8Array(8 * maxBands);
  const lengthBits = info.windows === 8 ? 3 : 5;
  const more = 2 ** lengthBits - 1;
  for (let group = 0; group < info.groups.length; group++) {
    for (let band = 0; band < info.usedBands; ) {
      const book = bits.read(4);
      let length = 0;
      let part = more;
      while (part === more) {
        part = bits.read(lengthBits);
        length += part;
      }
      if (book === 12 || length === 0 || band + length > info.usedBands) throw new Error('no such section');
      books.fill(book, bandIndex(group, band), bandIndex(group, band + length));
      band += length;
    }
  }
  return books;
}

/** Scale factors, noise energies and intensity positions, each as differences (table 4.53). */
function readScales(bits: BitReader, info: WindowInfo, books: Uint8Array, globalGain: number): Int16Array {
  const scales = new Int16Array(8 * maxBands);
  let factor = globalGain;
  let position = 0;
  let energy = globalGain - 90;
  let firstNoise = true;
  for (let group = 0; group < info.groups.length; group++) {
    for (let band = 0; band < info.usedBands; band++) {
      const index = bandIndex(group, band);
      const book = books[index] ?? zeroBook;
      if (book === zeroBook) continue;
      if (book === intensityInPhase || book === intensityOutOfPhase) {
        position += scaleFactorCode.read(bits) - 60;
        scales[index] = position;
      } else if (book === noiseBook) {
        energy += firstNoise ? bits.read(9) - 256 : scaleFactorCode.read(bits) - 60;
        firstNoise = false;
        scales[index] = energy;
      } else {
        factor += scaleFactorCode.read(bits) - 60;
        if (factor < 0 || factor > 255) throw new Error('scale factor out of range');
        scales[index] = factor;
      }
    }
  }
  return scales;
}

interface Pulse {
  readonly position: number;
  readonly amount: number;
}

/** Up to four values that were made smaller to cost fewer bits (table 4.7). */
function readPulses(bits: BitReader, info: WindowInfo): Pulse[] {
  if (info.windows === 8) throw new Error('pulses in short windows');
  const count = bits.read(2) + 1;
  let position = info.bandEdges[bits.read(6)] ?? frameSamples;
  return Array.from({ length: count }, () => {
    position += bits.read(5);
    if (position >= frameSamples) throw new Error('pulse out of range');
    return { position, amount: bits.read(4) };
  });
}

/** The coded values of all bands (table 4.56). */
function readSpectrumInto(quantized: Int32Array, bits: BitReader, info: WindowInfo, books: Uint8Array): void {
  quantized.fill(0);
  forEachBand(info, (index, start, end) => {
    const book = spectralBooks[(books[index] ?? zeroBook) - 1];
    if (book) for (let i = start; i < end; i += book.dimension) readCodeword(bits, book, quantized, i);
  });
}

/** Writes the 2 or 4 values of a codeword. A symbol is their number in a system of base `2·largest+1`, or `largest+1` without signs. */
function readCodeword(bits: BitReader, book: SpectralBook, out: Int32Array, start: number): void {
  const base = book.signed ? 2 * book.largest + 1 : book.largest + 1;
  const least = book.signed ? -book.largest : 0;
  let symbol = book.code.read(bits);
  for (let i = start + book.dimension - 1; i >= start; i--) {
    out[i] = (symbol % base) + least;
    symbol = Math.floor(symbol / base);
  }
  if (book.signed) return;
  const end = start + book.dimension;
  for (let i = start; i < end; i++) if (out[i] !== 0 && bits.readFlag()) out[i] = -(out[i] ?? 0);
  if (book.largest < 16) return;
  for (let i = start; i < end; i++)
    if (Math.abs(out[i] ?? 0) === 16) out[i] = Math.sign(out[i] ?? 0) * readEscape(bits);
}

/** A magnitude from 16 on: n ones and a zero, then n + 4 bits below the leading one. */
function readEscape(bits: BitReader): number {
  let extra = 4;
  while (bits.readFlag()) extra++;
  if (extra > 12) throw new Error('escape out of range');
  return 2 ** extra + bits.read(extra);
}
