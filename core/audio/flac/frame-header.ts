import type { BitReader } from '../bit-reader.ts';
import { crc8 } from './checksum.ts';

/** What a frame says of itself (RFC 9639, section 9.1). */
export interface FrameHeader {
  readonly blockSize: number;
  readonly channels: number;
  /** How two channels are coded: apart, or as one of them and the difference, or as mean and difference. */
  readonly stereo: 'apart' | 'left-side' | 'side-right' | 'mid-side';
  /** Sample size in bits; undefined: as STREAMINFO says. */
  readonly bits: number | undefined;
}

const sampleSizes: readonly (number | undefined)[] = [undefined, 8, 12, undefined, 16, 20, 24, 32];
const stereoModes = ['left-side', 'side-right', 'mid-side'] as const;

/** Reads a header at the start of `bytes`, or undefined when none that agrees with its checksum stands there. */
export function readFrameHeader(bytes: Uint8Array, bits: BitReader): FrameHeader | undefined {
  if (bits.read(15) !== 0b111111111111100) return undefined;
  bits.skip(1);
  const sizeCode = bits.read(4);
  const rateCode = bits.read(4);
  const channelCode = bits.read(4);
  const bitsCode = bits.read(3);
  bits.skip(1);
  if (sizeCode === 0 || rateCode === 15 || channelCode > 10 || bitsCode === 3) return undefined;
  skipCodedNumber(bits);
  const blockSize = blockSizeOf(sizeCode, bits);
  if (rateCode >= 12) bits.skip(rateCode === 12 ? 8 : 16);
  if (crc8(bytes.subarray(0, bits.bytesRead)) !== bits.read(8)) return undefined;
  return {
    blockSize,
    channels: channelCode < 8 ? channelCode + 1 : 2,
    stereo: stereoModes[channelCode - 8] ?? 'apart',
    bits: sampleSizes[bitsCode],
  };
}

/** Frame or sample number: as many bytes follow as the first one has leading ones, less one. */
function skipCodedNumber(bits: BitReader): void {
  const first = bits.read(8);
  const ones = Math.clz32(~(first << 24));
  for (let i = 1; i < ones; i++) bits.skip(8);
}

function blockSizeOf(code: number, bits: BitReader): number {
  if (code === 1) return 192;
  if (code <= 5) return 144 << code;
  if (code === 6) return bits.read(8) + 1;
  if (code === 7) return bits.read(16) + 1;
  return 1 << code;
}
