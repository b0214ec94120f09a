import { InputError } from '../../errors.ts';
import { BitReader } from '../bit-reader.ts';
import { sampleRates } from './bands.ts';

/** What a decoder must know beforehand. */
export interface AacConfig {
  /** Rate of the core stream in Hz; with spectral band replication (HE-AAC) half of what a full decoder would give. */
  readonly sampleRate: number;
  /** Number of channels, 0 when only the stream itself tells. */
  readonly channels: number;
}

const lowComplexity = 2;
const bandReplication = 5;
const parametricStereo = 29;
const channelsByConfiguration = [0, 1, 2, 3, 4, 5, 6, 8];

/**
 * Reads an AudioSpecificConfig (ISO/IEC 14496-3, 1.6.2.1). AAC-LC is decoded whole; of HE-AAC the core, that is the lower half of
 * the band. Throws `InputError('audio-format-unknown')` for other object types and for frames of 960 samples.
 */
export function readAudioSpecificConfig(bytes: Uint8Array): AacConfig {
  const bits = new BitReader(bytes);
  let objectType = readObjectType(bits);
  const sampleRate = readSampleRate(bits);
  const channels = channelsByConfiguration[bits.read(4)] ?? 0;
  if (objectType === bandReplication || objectType === parametricStereo) {
    readSampleRate(bits);
    objectType = readObjectType(bits);
  }
  const shortFrames = bits.readFlag();
  if (objectType !== lowComplexity || shortFrames)
    throw new InputError('audio-format-unknown', { codec: `aac-${objectType}` });
  return { sampleRate, channels };
}

function readObjectType(bits: BitReader): number {
  const type = bits.read(5);
  return type === 31 ? 32 + bits.read(6) : type;
}

function readSampleRate(bits: BitReader): number {
  const index = bits.read(4);
  return index === 15 ? bits.read(24) : (sampleRates[index] ?? 0);
}

/** An ADTS frame (ISO/IEC 14496-3, 1.A.2): its configuration, and where its data begins and ends within the frame. */
export interface AdtsFrame extends AacConfig {
  readonly headerBytes: number;
  readonly frameBytes: number;
}

/** The ADTS header at `offset`, or undefined when none of AAC-LC stands there. */
export function readAdtsHeader(bytes: Uint8Array, offset: number): AdtsFrame | undefined {
  if (offset + 7 > bytes.length) return undefined;
  const bits = new BitReader(bytes.subarray(offset, offset + 9));
  if (bits.read(12) !== 0xfff) return undefined;
  bits.skip(1);
  const layer = bits.read(2);
  const withoutChecksum = bits.readFlag();
  const objectType = bits.read(2) + 1;
  const sampleRate = sampleRates[bits.read(4)];
  bits.skip(1);
  const channels = channelsByConfiguration[bits.read(3)] ?? 0;
  bits.skip(4);
  const frameBytes = bits.read(13);
  bits.skip(11);
  const moreBlocks = bits.read(2);
  const headerBytes = withoutChecksum ? 7 : 9;
  const usable = layer === 0 && objectType === lowComplexity && moreBlocks === 0 && frameBytes > headerBytes;
  return usable && sampleRate ? { sampleRate, channels, headerBytes, frameBytes } : undefined;
}
