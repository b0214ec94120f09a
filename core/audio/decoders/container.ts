import { InputError } from '../../errors.ts';
import { readAudioSpecificConfig } from '../aac/config.ts';
import type { AudioFormat } from '../format.ts';
import { decodeAac } from './aac.ts';
import { mp3Frame } from './mp3.ts';
import { oggPages } from './ogg-writer.ts';
import { openOpus } from './opus-packets.ts';
import type { PacketTrack } from './packet-track.ts';
import type { PcmStream } from './pcm-stream.ts';
import { decodePieces } from './stream-decoder.ts';
import { trimmed } from './trim.ts';

/** How a track's packets become sound. */
type PacketDecoder = Pick<PcmStream, 'sampleRate' | 'channels' | 'chunks'>;

/** Opens the track of a container file. Throws `InputError('audio-corrupt' | 'audio-format-unknown')`. */
export function openTrack(format: AudioFormat, track: PacketTrack): PcmStream {
  const { codec } = track;
  if (codec === 'opus') return { format, cut: track.cut, ...openOpus(track.config, track.packets, track) };
  const decoder = decoderOf(codec, track);
  const skip = Math.round(track.skipSeconds * decoder.sampleRate);
  const total = track.seconds === undefined ? undefined : Math.round(track.seconds * decoder.sampleRate);
  return {
    format,
    sampleRate: decoder.sampleRate,
    channels: decoder.channels,
    claimedFrames: total,
    cut: track.cut,
    chunks: () => trimmed(decoder.chunks(), skip, total ?? Number.POSITIVE_INFINITY),
  };
}

function decoderOf(codec: Exclude<PacketTrack['codec'], 'opus'>, track: PacketTrack): PacketDecoder {
  switch (codec) {
    case 'aac': {
      const config = readAudioSpecificConfig(track.config);
      const channels = config.channels || track.channels;
      return { sampleRate: config.sampleRate, channels, chunks: () => decodeAac(config, track.packets) };
    }
    case 'mp3': {
      const [first] = track.packets;
      const frame = first && mp3Frame(first, 0);
      if (!frame) throw new InputError('audio-corrupt', { reason: 'mp3-no-frames' });
      const chunks = async function* () {
        const { decoder } = await import('@audio/decode-mp3');
        yield* decodePieces(decoder, track.packets);
      };
      return { sampleRate: frame.sampleRate, channels: frame.channels, chunks };
    }
    case 'vorbis': {
      const chunks = async function* () {
        const { decoder } = await import('@audio/decode-vorbis');
        yield* decodePieces(decoder, oggPages(vorbisHeaders(track.config), track.packets));
      };
      return { sampleRate: track.sampleRate, channels: track.channels, chunks };
    }
  }
}

/** Vorbis' three headers in Matroska's CodecPrivate: their number less one, the first two lengths, then one after another. */
function vorbisHeaders(config: Uint8Array): Uint8Array[] {
  let offset = 1;
  const lengths = [0, 0].map(() => {
    let length = 0;
    while (config[offset] === 255) {
      length += 255;
      offset++;
    }
    length += config[offset++] ?? 0;
    return length;
  });
  const [first = 0, second = 0] = lengths;
  if (config[0] !== 2 || offset + first + second >= config.length) {
    throw new InputError('audio-corrupt', { reason: 'vorbis-header' });
  }
  return [
    config.subarray(offset, offset + first),
    config.subarray(offset + first, offset + first + second),
    config.subarray(offset + first + second),
  ];
}
