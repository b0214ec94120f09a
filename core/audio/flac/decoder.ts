import { BitReader } from '../bit-reader.ts';
import { crc16 } from './checksum.ts';
import { type FrameHeader, readFrameHeader } from './frame-header.ts';
import { readSubframe } from './subframe.ts';

/** Properties of the stream that frames may leave unsaid. */
export interface FlacStream {
  readonly channels: number;
  /** Sample size in bits. */
  readonly bits: number;
}

/** One frame and where it ends. Its channels are memory that the next call overwrites. */
export interface FlacFrame {
  readonly channels: readonly Float32Array[];
  readonly end: number;
  /** Its checksum is wrong: the sound is silence of the right length. */
  readonly damaged: boolean;
}

/** No frame is longer: 8 channels of 65535 samples of 32 bit, and headers. */
export const mostFrameBytes = 2 ** 21 + 2 ** 10;

/** Decodes FLAC frame by frame (RFC 9639, section 9). */
export class FlacDecoder {
  private coded: Float64Array[] = [];
  private decoded: Float32Array[] = [];

  constructor(private readonly stream: FlacStream) {}

  /**
   * Decodes the frame at `offset`, or the next one after it when none stands there; undefined at the end, and for a frame that
   * goes on beyond it. A frame whose content is damaged becomes silence, so that all others keep their place in time.
   */
  decode(bytes: Uint8Array, offset: number): FlacFrame | undefined {
    for (let at = bytes.indexOf(0xff, offset); at >= 0; at = bytes.indexOf(0xff, at + 1)) {
      const frame = bytes.subarray(at, at + mostFrameBytes);
      const bits = new BitReader(frame);
      const header = headerOf(frame, bits, this.stream);
      if (!header) continue;
      const channels = this.memoryFor(header);
      try {
        this.readChannels(bits, header);
        const end = bits.bytesRead;
        if (crc16(frame.subarray(0, end)) !== readChecksum(frame, end)) throw new Error('wrong checksum');
        return { channels, end: at + end + 2, damaged: false };
      } catch (error) {
        // The file ends inside the frame.
        if (error instanceof RangeError) return undefined;
        for (const channel of channels) channel.fill(0);
        return { channels, end: at + 2, damaged: true };
      }
    }
    return undefined;
  }

  /** Parts of this decoder's memory as long as the block. */
  private memoryFor({ channels, blockSize }: FrameHeader): Float32Array[] {
    if ((this.decoded[0]?.length ?? 0) < blockSize) {
      this.coded = Array.from({ length: channels }, () => new Float64Array(blockSize));
      this.decoded = Array.from({ length: channels }, () => new Float32Array(blockSize));
    }
    return this.decoded.map((channel) => channel.subarray(0, blockSize));
  }

  private readChannels(bits: BitReader, { stereo, blockSize, bits: statedBits }: FrameHeader): void {
    const sampleBits = statedBits ?? this.stream.bits;
    const coded = this.coded.map((channel) => channel.subarray(0, blockSize));
    coded.forEach((channel, index) => {
      // A difference needs a bit more.
      const isSide = stereo === 'side-right' ? index === 0 : stereo !== 'apart' && index === 1;
      readSubframe(bits, isSide ? sampleBits + 1 : sampleBits, channel);
    });
    separate(coded, stereo);
    const scale = 2 ** (1 - sampleBits);
    coded.forEach((channel, index) => {
      const out = this.decoded[index];
      if (out) for (let i = 0; i < blockSize; i++) out[i] = (channel[i] ?? 0) * scale;
    });
  }
}

function headerOf(frame: Uint8Array, bits: BitReader, stream: FlacStream): FrameHeader | undefined {
  try {
    const header = readFrameHeader(frame, bits);
    return header?.channels === stream.channels ? header : undefined;
  } catch {
    return undefined;
  }
}

function readChecksum(frame: Uint8Array, at: number): number {
  if (at + 2 > frame.length) throw new RangeError('cut frame');
  return ((frame[at] ?? 0) << 8) | (frame[at + 1] ?? 0);
}

/** Turns the coded pair into left and right, in place (section 4.2). */
function separate([first, second]: readonly Float64Array[], stereo: FrameHeader['stereo']): void {
  if (!first || !second || stereo === 'apart') return;
  for (let i = 0; i < first.length; i++) {
    const a = first[i] ?? 0;
    const b = second[i] ?? 0;
    if (stereo === 'left-side') second[i] = a - b;
    else if (stereo === 'side-right') first[i] = a + b;
    else {
      // The mean lost its lowest bit, which is that of the difference.
      const sum = 2 * a + (Math.abs(b) % 2);
      first[i] = (sum + b) / 2;
      second[i] = (sum - b) / 2;
    }
  }
}
