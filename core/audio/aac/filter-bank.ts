import { frameSamples, shortSamples, type WindowInfo, windowSequence } from './channel.ts';
import { InverseMdct } from './inverse-mdct.ts';

const fullScale = 32768;
const long = new InverseMdct(frameSamples);
const short = new InverseMdct(shortSamples);

/** Rising halves of the windows: sine, and Kaiser–Bessel derived with α 4 (long) and 6 (short). */
const longSlopes = [sineSlope(frameSamples), kaiserBesselSlope(frameSamples, 4)] as const;
const shortSlopes = [sineSlope(shortSamples), kaiserBesselSlope(shortSamples, 6)] as const;

/** Where the short windows begin inside a long one. */
const shortOffset = (frameSamples - shortSamples) / 2;

/** Coefficients to samples of one channel, frame by frame: windows that overlap (ISO/IEC 14496-3, 4.6.11). */
export class FilterBank {
  private overlap = new Float32Array(frameSamples);
  private lastShape = 0;
  private readonly out = new Float32Array(frameSamples);
  private readonly block = new Float32Array(2 * frameSamples);
  private readonly shortBlock = new Float32Array(2 * shortSamples);

  /** The next 1024 samples in −1..1, in memory that the next call overwrites. */
  synthesize(spectrum: Float32Array, info: WindowInfo): Float32Array {
    const { block } = this;
    const [before, after] = [this.lastShape, info.shape];
    if (info.sequence === windowSequence.short) {
      this.shortBlocks(spectrum, before, after);
    } else {
      long.transform(spectrum, block);
      const fromShort = info.sequence === windowSequence.stop;
      const toShort = info.sequence === windowSequence.start;
      rise(block, fromShort ? (shortSlopes[before] ?? shortSlopes[0]) : (longSlopes[before] ?? longSlopes[0]));
      fall(block, toShort ? (shortSlopes[after] ?? shortSlopes[0]) : (longSlopes[after] ?? longSlopes[0]));
    }
    const { out } = this;
    for (let i = 0; i < frameSamples; i++) out[i] = ((this.overlap[i] ?? 0) + (block[i] ?? 0)) / fullScale;
    this.overlap.set(block.subarray(frameSamples));
    this.lastShape = info.shape;
    return out;
  }

  private shortBlocks(spectrum: Float32Array, before: number, after: number): void {
    const { block, shortBlock } = this;
    block.fill(0);
    for (let window = 0; window < 8; window++) {
      short.transform(spectrum.subarray(window * shortSamples, (window + 1) * shortSamples), shortBlock);
      rise(shortBlock, shortSlopes[window === 0 ? before : after] ?? shortSlopes[0]);
      fall(shortBlock, shortSlopes[after] ?? shortSlopes[0]);
      const start = shortOffset + window * shortSamples;
      for (let i = 0; i < shortBlock.length; i++) block[start + i] = (block[start + i] ?? 0) + (shortBlock[i] ?? 0);
    }
  }
}

/** Lets the first half of a block rise along a slope, which stands in its middle when it is shorter: 0 before, 1 after it. */
function rise(block: Float32Array, slope: Float32Array): void {
  const start = (block.length / 2 - slope.length) / 2;
  block.fill(0, 0, start);
  for (let i = 0; i < slope.length; i++) block[start + i] = (block[start + i] ?? 0) * (slope[i] ?? 0);
}

/** The same for the second half, mirrored. */
function fall(block: Float32Array, slope: Float32Array): void {
  const start = (block.length / 2 - slope.length) / 2;
  const last = block.length - 1;
  block.fill(0, block.length - start);
  for (let i = 0; i < slope.length; i++) block[last - start - i] = (block[last - start - i] ?? 0) * (slope[i] ?? 0);
}

function sineSlope(length: number): Float32Array {
  return Float32Array.from({ length }, (_, i) => Math.sin(((i + 0.5) * Math.PI) / (2 * length)));
}

function kaiserBesselSlope(length: number, alpha: number): Float32Array {
  const kernel = Float64Array.from({ length: length + 1 }, (_, i) => {
    const position = (2 * i) / length - 1;
    return besselI0(Math.PI * alpha * Math.sqrt(1 - position ** 2));
  });
  const total = kernel.reduce((sum, value) => sum + value, 0);
  let sum = 0;
  return Float32Array.from({ length }, (_, i) => {
    sum += kernel[i] ?? 0;
    return Math.sqrt(sum / total);
  });
}

/** Modified Bessel function of the first kind and order 0, by its power series. */
function besselI0(x: number): number {
  let term = 1;
  let sum = 1;
  for (let k = 1; term > 1e-12 * sum; k++) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}
