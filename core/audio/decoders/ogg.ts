import { InputError } from '../../errors.ts';
import { bytesInMemory } from '../byte-source.ts';
import { concatenate } from '../bytes.ts';
import { hasAscii, viewOf } from './byte-reader.ts';
import { decodeFlac, readStreamInfo } from './flac.ts';
import { measureOgg, type OggLength, oggPackets } from './ogg-pages.ts';
import { openOpus } from './opus-packets.ts';
import type { PcmStream } from './pcm-stream.ts';
import { decodePieces, piecesOf } from './stream-decoder.ts';

const pieceBytes = 8192;
/** A first page that ends later than this belongs to a stream whose beginning is missing, so that positions tell no length. */
const latestStartSeconds = 10;

/**
 * Opens an Ogg file (RFC 3533) of Opus, Vorbis or FLAC; it is cut when its last page is.
 * Throws `InputError('audio-corrupt' | 'audio-format-unknown')`.
 */
export function openOgg(bytes: Uint8Array): PcmStream {
  const [first] = oggPackets(bytes);
  if (!first) throw new InputError('audio-corrupt', { reason: 'ogg-header' });
  if (hasAscii(first, 0, 'OpusHead')) return openOggOpus(bytes, first);
  if (hasAscii(first, 0, '\x01vorbis')) return openOggVorbis(bytes, first);
  if (hasAscii(first, 0, '\x7fFLAC')) return openOggFlac(bytes, first);
  throw new InputError('audio-format-unknown');
}

/** RFC 7845: two header packets, then sound. The last position says how much of the last packet counts. */
function openOggOpus(bytes: Uint8Array, head: Uint8Array): PcmStream {
  const { lastPosition, cut } = measureOgg(bytes);
  const codec = openOpus(head, without(oggPackets(bytes), 2), { position: lastPosition });
  return { format: 'opus', ...codec, cut };
}

/** Vorbis I specification, section 4.2.2. */
function openOggVorbis(bytes: Uint8Array, head: Uint8Array): PcmStream {
  if (head.length < 30) throw new InputError('audio-corrupt', { reason: 'ogg-header' });
  const sampleRate = viewOf(head).getUint32(12, true);
  const length = measureOgg(bytes);
  return {
    format: 'ogg',
    sampleRate,
    channels: head[11] ?? 0,
    claimedFrames: lengthOf(length, sampleRate),
    cut: length.cut,
    async *chunks() {
      const { decoder } = await import('@audio/decode-vorbis');
      yield* decodePieces(decoder, piecesOf(bytes, pieceBytes));
    },
  };
}

/** FLAC in Ogg (RFC 9639, section 10.1): the first packet has STREAMINFO, and says how many more header packets there are. */
function openOggFlac(bytes: Uint8Array, head: Uint8Array): PcmStream {
  const info = readStreamInfo(head, 17);
  const headers = 1 + ((head[7] ?? 0) * 256 + (head[8] ?? 0));
  const length = measureOgg(bytes);
  return {
    format: 'ogg',
    sampleRate: info.sampleRate,
    channels: info.channels,
    claimedFrames: info.totalSamples ?? lengthOf(length, info.sampleRate),
    cut: length.cut,
    chunks: () => decodeFlac(bytesInMemory(concatenate([...without(oggPackets(bytes), headers)])), 0, info),
  };
}

function lengthOf({ firstPosition, lastPosition }: OggLength, sampleRate: number): number | undefined {
  return (firstPosition ?? 0) > latestStartSeconds * sampleRate ? undefined : lastPosition;
}

/** All but the first packets; may be iterated again. */
function without(packets: Iterable<Uint8Array>, count: number): Iterable<Uint8Array> {
  return {
    *[Symbol.iterator]() {
      let index = 0;
      for (const packet of packets) if (index++ >= count) yield packet;
    },
  };
}
