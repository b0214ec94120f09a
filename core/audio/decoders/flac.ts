import { InputError } from '../../errors.ts';
import { FlacDecoder } from '../flac/decoder.ts';
import { bigEndian, hasAscii } from './byte-reader.ts';
import { skipId3v2 } from './id3.ts';
import type { PcmStream } from './pcm-stream.ts';

/** Damaged frames become silence; a file with more than this share of them is refused. */
const toleratedDamage = 0.02;

/** STREAMINFO (RFC 9639, section 8.2). */
export interface StreamInfo {
  readonly sampleRate: number;
  readonly channels: number;
  readonly bits: number;
  /** Undefined when the encoder did not know. */
  readonly totalSamples: number | undefined;
}

/** Reads STREAMINFO, whose body stands at `offset`. Throws `InputError('audio-corrupt')`. */
export function readStreamInfo(bytes: Uint8Array, offset: number): StreamInfo {
  if (offset + 34 > bytes.length) throw new InputError('audio-corrupt', { reason: 'flac-header' });
  const packed = bigEndian(bytes, offset + 10, 4);
  const totalSamples = (bigEndian(bytes, offset + 13, 1) & 15) * 2 ** 32 + bigEndian(bytes, offset + 14, 4);
  return {
    sampleRate: packed >>> 12,
    channels: ((packed >>> 9) & 7) + 1,
    bits: ((packed >>> 4) & 31) + 1,
    totalSamples: totalSamples || undefined,
  };
}

/** Opens a FLAC file. Throws `InputError('audio-corrupt')` when it does not begin with STREAMINFO. */
export function openFlac(bytes: Uint8Array): PcmStream {
  const start = skipId3v2(bytes);
  const isStreamInfo = hasAscii(bytes, start, 'fLaC') && ((bytes[start + 4] ?? 0xff) & 0x7f) === 0;
  if (!isStreamInfo) throw new InputError('audio-corrupt', { reason: 'flac-header' });
  const info = readStreamInfo(bytes, start + 8);
  return {
    format: 'flac',
    sampleRate: info.sampleRate,
    channels: info.channels,
    claimedFrames: info.totalSamples,
    chunks: () => decodeFlac(bytes, afterMetadata(bytes, start + 4), info),
  };
}

/** Decodes frames that stand one after another from `start` on. Throws `InputError('audio-corrupt')` when too many are damaged. */
export async function* decodeFlac(
  bytes: Uint8Array,
  start: number,
  info: StreamInfo,
): AsyncGenerator<readonly Float32Array[]> {
  let frames = 0;
  let damaged = 0;
  const decoder = new FlacDecoder(info);
  for (let frame = decoder.decode(bytes, start); frame; frame = decoder.decode(bytes, frame.end)) {
    frames++;
    if (frame.damaged) damaged++;
    yield frame.channels;
  }
  if (damaged > frames * toleratedDamage) throw new InputError('audio-corrupt', { reason: 'decoder' });
}

/** Where the frames begin: each metadata block has a flag "last", a type, and its length. */
function afterMetadata(bytes: Uint8Array, start: number): number {
  for (let offset = start; offset < bytes.length; ) {
    const last = (bytes[offset] ?? 0) & 0x80;
    offset += 4 + bigEndian(bytes, offset + 1, 3);
    if (last) return offset;
  }
  return bytes.length;
}
