import { InputError } from '../../errors.ts';
import { bigEndian, viewOf } from './byte-reader.ts';
import { type Box, boxesIn, findBox } from './mp4-boxes.ts';
import type { PacketTrack } from './packet-track.ts';

type SampleEntry = Pick<PacketTrack, 'codec' | 'config' | 'sampleRate' | 'channels'>;

/** Bytes of an AudioSampleEntry before its boxes, by QuickTime's version of it. */
const entryBytes: readonly number[] = [28, 44, 64];

/** Object type indications of ISO/IEC 14496-1. */
const aacTypes = [0x40, 0x66, 0x67, 0x68];
const mp3Types = [0x69, 0x6b];

/** Reads which codec a track has and its header (`stsd`). Throws `InputError('audio-corrupt' | 'audio-format-unknown')`. */
export function readSampleEntry(bytes: Uint8Array, table: Box): SampleEntry {
  const descriptions = findBox(bytes, table, 'stsd');
  const [entry] = descriptions ? boxesIn(bytes, descriptions.start + 8, descriptions.end) : [];
  if (!entry) throw new InputError('audio-corrupt', { reason: 'mp4-codec' });
  const channels = bigEndian(bytes, entry.start + 16, 2);
  const sampleRate = bigEndian(bytes, entry.start + 24, 2);
  const extra = entryBytes[bigEndian(bytes, entry.start + 8, 2)] ?? 28;
  const inner: Box = { ...entry, start: entry.start + extra };

  if (entry.type === 'Opus') {
    const header = findBox(bytes, inner, 'dOps');
    if (!header) throw new InputError('audio-corrupt', { reason: 'opus-header' });
    return { codec: 'opus', config: opusHead(bytes, header), sampleRate, channels };
  }
  if (entry.type !== 'mp4a') throw new InputError('audio-format-unknown', { codec: entry.type });
  // QuickTime wraps the box once more.
  const elementary = findBox(bytes, inner, 'esds') ?? findBox(bytes, inner, 'wave', 'esds');
  if (!elementary) throw new InputError('audio-corrupt', { reason: 'mp4-codec' });
  const { objectType, config } = readDescriptors(bytes, elementary);
  const codec = aacTypes.includes(objectType) ? 'aac' : mp3Types.includes(objectType) ? 'mp3' : undefined;
  if (!codec) throw new InputError('audio-format-unknown', { codec: `mp4a.${objectType.toString(16)}` });
  return { codec, config, sampleRate, channels };
}

const descriptor = { elementaryStream: 3, decoderConfig: 4, decoderSpecific: 5 } as const;

/** Descriptors of ISO/IEC 14496-1, 7.2.6: a tag, a length of seven bits a byte, and what belongs to it. */
function readDescriptors(bytes: Uint8Array, { start, end }: Box): { objectType: number; config: Uint8Array } {
  let objectType = 0;
  let config = new Uint8Array(0);
  for (let offset = start + 4; offset < end; ) {
    const tag = bytes[offset++];
    let length = 0;
    let more = true;
    while (more && offset < end) {
      const byte = bytes[offset++] ?? 0;
      length = length * 128 + (byte & 127);
      more = byte > 127;
    }
    if (tag === descriptor.elementaryStream) {
      const flags = bytes[offset + 2] ?? 0;
      const url = flags & 0x40 ? 1 + (bytes[offset + 3 + (flags & 0x80 ? 2 : 0)] ?? 0) : 0;
      offset += 3 + (flags & 0x80 ? 2 : 0) + url + (flags & 0x20 ? 2 : 0);
    } else if (tag === descriptor.decoderConfig) {
      objectType = bytes[offset] ?? 0;
      offset += 13;
    } else {
      if (tag === descriptor.decoderSpecific) config = bytes.slice(offset, offset + length);
      offset += length;
    }
  }
  return { objectType, config };
}

/** `dOps` to OpusHead: the same fields, but big-endian and of another version. */
function opusHead(bytes: Uint8Array, { start, end }: Box): Uint8Array {
  const source = viewOf(bytes.subarray(start, end));
  if (source.byteLength < 11) throw new InputError('audio-corrupt', { reason: 'opus-header' });
  const head = new Uint8Array(8 + source.byteLength);
  const view = viewOf(head);
  head.set(new TextEncoder().encode('OpusHead'));
  head.set(bytes.subarray(start, start + source.byteLength), 8);
  head[8] = 1;
  view.setUint16(10, source.getUint16(2), true);
  view.setUint32(12, source.getUint32(4), true);
  view.setInt16(16, source.getInt16(8), true);
  return head;
}
