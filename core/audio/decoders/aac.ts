import { InputError } from '../../errors.ts';
import { frameSamples } from '../aac/channel.ts';
import { type AacConfig, readAdtsHeader } from '../aac/config.ts';
import { AacDecoder } from '../aac/decoder.ts';
import { skipId3v2 } from './id3.ts';
import { PacketTable } from './packet-track.ts';
import type { PcmStream } from './pcm-stream.ts';

/** Damaged frames become silence; a file with more than this share of them is refused. */
const toleratedDamage = 0.02;

/** Opens a raw AAC stream in ADTS frames. Throws `InputError('audio-corrupt')`. */
export function openAdts(bytes: Uint8Array): PcmStream {
  const start = skipId3v2(bytes);
  const first = readAdtsHeader(bytes, start);
  if (!first) throw new InputError('audio-corrupt', { reason: 'adts-header' });

  const frames = new PacketTable(bytes);
  let cut = false;
  for (let offset: number | undefined = start; offset !== undefined && offset < bytes.length; ) {
    const frame = readAdtsHeader(bytes, offset);
    if (frame) {
      cut = !frames.add(offset + frame.headerBytes, frame.frameBytes - frame.headerBytes);
      offset += frame.frameBytes;
    } else {
      offset = nextFrame(bytes, offset);
    }
  }
  return {
    format: 'aac',
    sampleRate: first.sampleRate,
    channels: first.channels || 1,
    claimedFrames: frames.count * frameSamples,
    cut,
    chunks: () => decodeAac(first, frames),
  };
}

/** The next header that is followed by another one. */
function nextFrame(bytes: Uint8Array, offset: number): number | undefined {
  for (let at = bytes.indexOf(0xff, offset + 1); at >= 0; at = bytes.indexOf(0xff, at + 1)) {
    const frame = readAdtsHeader(bytes, at);
    if (frame && readAdtsHeader(bytes, at + frame.frameBytes)) return at;
  }
  return undefined;
}

/** Decodes AAC frames one by one. Throws `InputError('audio-corrupt')` when too many are damaged. */
export async function* decodeAac(config: AacConfig, frames: PacketTable): AsyncGenerator<readonly Float32Array[]> {
  const decoder = new AacDecoder(config);
  let silence: Float32Array[] = [];
  let damaged = 0;
  for (const frame of frames) {
    let channels: Float32Array[];
    try {
      channels = decoder.decode(frame);
      if (silence.length === 0) silence = channels.map(() => new Float32Array(frameSamples));
    } catch {
      damaged++;
      channels = silence;
    }
    yield channels;
  }
  if (damaged > frames.count * toleratedDamage) throw new InputError('audio-corrupt', { reason: 'decoder' });
}
