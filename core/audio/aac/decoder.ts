import { BitReader } from '../bit-reader.ts';
import { type Bands, bandsFor } from './bands.ts';
import { type CodedChannel, frameSamples, readChannel, readWindowInfo } from './channel.ts';
import type { AacConfig } from './config.ts';
import { FilterBank } from './filter-bank.ts';
import { dequantizeInto, NoiseSource, readMidSide, separatePair, shapeNoise } from './spectrum.ts';

/** Syntax elements of a frame (ISO/IEC 14496-3, table 4.85). */
const element = { single: 0, pair: 1, coupling: 2, lowFrequency: 3, data: 4, program: 5, fill: 6, end: 7 } as const;

/**
 * Decodes AAC-LC, a frame at a time (ISO/IEC 14496-3, subpart 4). What it lacks: main profile, long-term prediction, coupling
 * channels; of HE-AAC it gives the core, as its replicated upper band is skipped like other fill data.
 */
export class AacDecoder {
  private readonly bands: Bands;
  private readonly noise = new NoiseSource();
  private readonly channels: ChannelState[] = [];

  constructor(config: AacConfig) {
    this.bands = bandsFor(config.sampleRate);
  }

  /**
   * One frame (`raw_data_block`) to 1024 samples per channel, in memory that the next call overwrites. Throws when the frame
   * makes no sense.
   */
  decode(frame: Uint8Array): Float32Array[] {
    const bits = new BitReader(frame);
    const output: Float32Array[] = [];
    for (;;) {
      const id = bits.read(3);
      switch (id) {
        case element.single:
        case element.lowFrequency:
          bits.skip(4);
          output.push(this.single(bits, output.length));
          break;
        case element.pair:
          bits.skip(4);
          output.push(...this.pair(bits, output.length));
          break;
        case element.data:
          skipData(bits);
          break;
        case element.program:
          skipProgram(bits);
          break;
        case element.fill:
          skipFill(bits);
          break;
        case element.end:
          if (output.length === 0) throw new Error('a frame without sound');
          return output;
        default:
          throw new Error('coupling channels are not known');
      }
    }
  }

  private single(bits: BitReader, index: number): Float32Array {
    const channel = this.channel(index);
    const coded = readChannel(bits, this.bands, undefined, channel.quantized);
    dequantizeInto(channel.spectrum, coded, this.noise);
    return synthesize(channel, coded);
  }

  private pair(bits: BitReader, index: number): [Float32Array, Float32Array] {
    const [left, right] = [this.channel(index), this.channel(index + 1)];
    const common = bits.readFlag();
    const info = common ? readWindowInfo(bits, this.bands) : undefined;
    const midSide = info && readMidSide(bits, info);
    const leftCoded = readChannel(bits, this.bands, info, left.quantized);
    const rightCoded = readChannel(bits, this.bands, info, right.quantized);
    dequantizeInto(left.spectrum, leftCoded, this.noise);
    dequantizeInto(right.spectrum, rightCoded, this.noise);
    if (midSide) separatePair(left.spectrum, right.spectrum, leftCoded, rightCoded, midSide);
    return [synthesize(left, leftCoded), synthesize(right, rightCoded)];
  }

  private channel(index: number): ChannelState {
    const known = this.channels[index];
    if (known) return known;
    const channel = {
      quantized: new Int32Array(frameSamples),
      spectrum: new Float32Array(frameSamples),
      filterBank: new FilterBank(),
    };
    this.channels[index] = channel;
    return channel;
  }
}

/** What a channel keeps from frame to frame; all but the filter bank only as memory. */
interface ChannelState {
  readonly quantized: Int32Array;
  readonly spectrum: Float32Array;
  readonly filterBank: FilterBank;
}

function synthesize({ spectrum, filterBank }: ChannelState, coded: CodedChannel): Float32Array {
  shapeNoise(spectrum, coded);
  return filterBank.synthesize(spectrum, coded.info);
}

function skipBytes(bits: BitReader, count: number): void {
  for (let i = 0; i < count; i++) bits.skip(8);
}

function skipData(bits: BitReader): void {
  bits.skip(4);
  const aligned = bits.readFlag();
  const count = bits.read(8);
  const total = count === 255 ? 255 + bits.read(8) : count;
  if (aligned) bits.alignToByte();
  skipBytes(bits, total);
}

function skipFill(bits: BitReader): void {
  const count = bits.read(4);
  skipBytes(bits, count === 15 ? 14 + bits.read(8) : count);
}

/** `program_config_element` (table 4.2): which element is which loudspeaker. */
function skipProgram(bits: BitReader): void {
  bits.skip(10);
  const [front, side, back] = [bits.read(4), bits.read(4), bits.read(4)];
  const [lowFrequency, data, coupling] = [bits.read(2), bits.read(3), bits.read(4)];
  if (bits.readFlag()) bits.skip(4);
  if (bits.readFlag()) bits.skip(4);
  if (bits.readFlag()) bits.skip(3);
  for (let i = 0; i < front + side + back + coupling; i++) bits.skip(5);
  for (let i = 0; i < lowFrequency + data; i++) bits.skip(4);
  bits.alignToByte();
  skipBytes(bits, bits.read(8));
}
