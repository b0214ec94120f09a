import { InputError } from '../../errors.ts';
import type { ByteSource } from '../byte-source.ts';
import { FlacDecoder, mostFrameBytes } from '../flac/decoder.ts';
import { bigEndian, hasAscii } from './byte-reader.ts';
import { skipId3v2 } from './id3.ts';
import type { PcmStream } from './pcm-stream.ts';

/** Damaged frames become silence; a file with more than this share of them is refused. */
const toleratedDamage = 0.02;
/** Read at once at least. */
const windowBytes = 2 ** 20;
/** Enough for ID3 tags that begin with a header only, and STREAMINFO. */
const headBytes = 2 ** 16;

/** STREAMINFO (RFC 9639, section 8.2). */
export interface StreamInfo {
  readonly sampleRate: number;
  readonly channels: number;
  readonly bits: number;
  /** Undefined when the encoder did not know. */
  readonly totalSamples: number | undefined;
  /** Samples of the longest block. */
  readonly blockSize: number;
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
    blockSize: bigEndian(bytes, offset + 2, 2),
  };
}

/** Opens a FLAC file. Throws `InputError('audio-corrupt')` when it does not begin with STREAMINFO. */
export async function openFlac(file: ByteSource): Promise<PcmStream> {
  const head = await file.read(0, headBytes);
  const start = skipId3v2(head);
  const isStreamInfo = hasAscii(head, start, 'fLaC') && ((head[start + 4] ?? 0xff) & 0x7f) === 0;
  if (!isStreamInfo) throw new InputError('audio-corrupt', { reason: 'flac-header' });
  const info = readStreamInfo(head, start + 8);
  return {
    format: 'flac',
    sampleRate: info.sampleRate,
    channels: info.channels,
    claimedFrames: info.totalSamples,
    async *chunks() {
      yield* decodeFlac(file, await afterMetadata(file, start + 4), info);
    },
  };
}

/** Decodes frames that stand one after another from `start` on. Throws `InputError('audio-corrupt')` when too many are damaged. */
export async function* decodeFlac(
  file: ByteSource,
  start: number,
  info: StreamInfo,
): AsyncGenerator<readonly Float32Array[]> {
  let frames = 0;
  let damaged = 0;
  const decoder = new FlacDecoder(info);
  const mostBytes = longestFrame(info);
  for (let begin = start; begin < file.size; ) {
    const bytes = await file.read(begin, begin + Math.max(windowBytes, 4 * mostBytes));
    const isLast = begin + bytes.length >= file.size;
    // A frame that begins before this is in the window to its end, and so is all that a search for one needs.
    const enough = isLast ? bytes.length : bytes.length - mostBytes;
    let at = 0;
    for (let frame = decoder.decode(bytes, at); frame; frame = at < enough ? decoder.decode(bytes, at) : undefined) {
      frames++;
      if (frame.damaged) damaged++;
      at = frame.end;
      yield frame.channels;
    }
    if (isLast) break;
    begin += Math.max(at, enough);
  }
  if (damaged > frames * toleratedDamage) throw new InputError('audio-corrupt', { reason: 'decoder' });
}

/** Bytes that no frame exceeds: twice what its samples would take as they are. */
function longestFrame({ blockSize, channels, bits }: StreamInfo): number {
  return Math.min(mostFrameBytes, 2 ** 10 + 2 * blockSize * channels * Math.ceil((bits + 1) / 8));
}

/** Where the frames begin: each metadata block has a flag "last", a type, and its length. */
async function afterMetadata(file: ByteSource, start: number): Promise<number> {
  for (let offset = start; offset < file.size; ) {
    const header = await file.read(offset, offset + 4);
    const last = (header[0] ?? 0) & 0x80;
    offset += 4 + bigEndian(header, 1, 3);
    if (last) return offset;
  }
  return file.size;
}
