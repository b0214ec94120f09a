import { InputError } from '../../errors.ts';
import { viewOf } from './byte-reader.ts';
import { PacketTable, type PacketTrack } from './packet-track.ts';

/** Elements of Matroska and WebM (RFC 9559) that are read. */
const id = {
  segment: 0x18538067,
  info: 0x1549a966,
  timestampScale: 0x2ad7b1,
  duration: 0x4489,
  tracks: 0x1654ae6b,
  trackEntry: 0xae,
  trackNumber: 0xd7,
  trackType: 0x83,
  codecId: 0x86,
  codecPrivate: 0x63a2,
  codecDelay: 0x56aa,
  audio: 0xe1,
  samplingFrequency: 0xb5,
  channels: 0x9f,
  contentEncodings: 0x6d80,
  cluster: 0x1f43b675,
  blockGroup: 0xa0,
  block: 0xa1,
  discardPadding: 0x75a2,
  simpleBlock: 0xa3,
} as const;

/** Elements whose children are read one by one; all others are values, or skipped whole. */
const masters = new Set<number>([id.segment, id.info, id.tracks, id.trackEntry, id.audio, id.cluster, id.blockGroup]);

const codecs: Readonly<Record<string, PacketTrack['codec']>> = {
  A_OPUS: 'opus',
  A_VORBIS: 'vorbis',
  A_AAC: 'aac',
  'A_MPEG/L3': 'mp3',
};

const audioType = 2;

interface Element {
  readonly id: number;
  readonly start: number;
  readonly end: number;
}

/** A TrackEntry while it is being read. */
interface Track {
  number: number;
  type: number;
  codecId: string;
  config: Uint8Array;
  delaySeconds: number;
  sampleRate: number;
  channels: number;
  encoded: boolean;
}

/**
 * Reads a WebM or Matroska file: its first audio track and that track's packets. Files that were streamed, whose clusters never
 * learnt their size, are read as well. Throws `InputError('audio-corrupt' | 'audio-format-unknown')`.
 */
export function readMatroska(bytes: Uint8Array): PacketTrack {
  const view = viewOf(bytes);
  const packets = new PacketTable(bytes);
  const tracks: Track[] = [];
  let timestampScale = 1e6;
  let duration: number | undefined;
  let discardSeconds = 0;
  let cut = false;
  let claimsMore = false;

  for (const element of elements(bytes)) {
    const { start, end } = element;
    const track = tracks.at(-1);
    if (end > bytes.length) {
      claimsMore = true;
      if (!masters.has(element.id)) {
        cut = true;
        break;
      }
    }
    switch (element.id) {
      case id.timestampScale:
        timestampScale = unsigned(bytes, element);
        break;
      case id.duration:
        duration = float(view, element);
        break;
      case id.discardPadding:
        discardSeconds = signed(bytes, element) / 1e9;
        break;
      case id.trackEntry:
        tracks.push({
          number: 0,
          type: 0,
          codecId: '',
          config: new Uint8Array(0),
          delaySeconds: 0,
          sampleRate: 8000,
          channels: 1,
          encoded: false,
        });
        break;
      case id.simpleBlock:
      case id.block: {
        const audio = tracks.find((candidate) => candidate.type === audioType);
        if (audio) addBlock(packets, bytes, element, audio.number);
        break;
      }
      default:
        if (track) readTrackValue(track, element, bytes, view, bytes.subarray(start, end));
    }
  }

  const track = tracks.find((candidate) => candidate.type === audioType);
  if (!track) throw new InputError(claimsMore ? 'audio-corrupt' : 'audio-format-unknown', { reason: 'no-audio-track' });
  const codec = codecs[track.codecId.startsWith('A_AAC') ? 'A_AAC' : track.codecId];
  if (!codec || track.encoded) throw new InputError('audio-format-unknown', { codec: track.codecId });
  return {
    codec,
    config: track.config,
    packets,
    sampleRate: track.sampleRate,
    channels: track.channels,
    // Opus' own header says the same as CodecDelay.
    skipSeconds: codec === 'opus' ? 0 : track.delaySeconds,
    seconds: lengthOf((duration ?? 0) * timestampScale),
    discardSeconds,
    cut,
  };
}

/** Nanoseconds as seconds; undefined for what is no length, which a recorder that was cut off may leave behind. */
function lengthOf(nanoseconds: number): number | undefined {
  return Number.isFinite(nanoseconds) && nanoseconds > 0 ? nanoseconds / 1e9 : undefined;
}

/** All elements in file order; a master element comes before its children. Ends where the bytes are no elements. */
function* elements(bytes: Uint8Array): Generator<Element> {
  for (let offset = 0; offset < bytes.length; ) {
    const idLength = variableLength(bytes, offset, 4);
    const sizeLength = variableLength(bytes, offset + idLength, 8);
    if (idLength === 0 || sizeLength === 0) return;
    const elementId = number(bytes, offset, idLength);
    const start = offset + idLength + sizeLength;
    const size = vint(bytes, offset + idLength, sizeLength);
    // All ones; of eight bytes that is more than a number holds exactly.
    const unknownSize = size >= Math.min(2 ** (7 * sizeLength) - 1, Number.MAX_SAFE_INTEGER);
    yield { id: elementId, start, end: unknownSize ? bytes.length : start + size };
    offset = masters.has(elementId) ? start : start + size;
  }
}

/** Length of a variable-size integer by its leading zeros, or 0 when it is longer than `most` or beyond the end. */
function variableLength(bytes: Uint8Array, offset: number, most: number): number {
  const length = Math.clz32(bytes[offset] ?? 0) - 23;
  return length <= most && offset + length <= bytes.length ? length : 0;
}

/** Big-endian, exact up to 2^53. */
function number(bytes: Uint8Array, offset: number, length: number): number {
  let value = 0;
  for (let i = 0; i < length; i++) value = value * 256 + (bytes[offset + i] ?? 0);
  return value;
}

/** A variable-size integer without the bit that marks its length. */
function vint(bytes: Uint8Array, offset: number, length: number): number {
  const first = (bytes[offset] ?? 0) & (0xff >> length);
  return first * 256 ** (length - 1) + number(bytes, offset + 1, length - 1);
}

const unsigned = (bytes: Uint8Array, { start, end }: Element): number => number(bytes, start, end - start);

/** Two's complement. */
function signed(bytes: Uint8Array, element: Element): number {
  const width = element.end - element.start;
  const value = unsigned(bytes, element);
  return value >= 2 ** (8 * width - 1) ? value - 2 ** (8 * width) : value;
}

function float(view: DataView, { start, end }: Element): number {
  if (end - start === 4) return view.getFloat32(start);
  return end - start === 8 ? view.getFloat64(start) : 0;
}

function readTrackValue(track: Track, element: Element, bytes: Uint8Array, view: DataView, value: Uint8Array): void {
  switch (element.id) {
    case id.trackNumber:
      track.number = unsigned(bytes, element);
      break;
    case id.trackType:
      track.type = unsigned(bytes, element);
      break;
    case id.codecId:
      track.codecId = new TextDecoder().decode(value).replace(/\0+$/, '');
      break;
    case id.codecPrivate:
      track.config = value;
      break;
    case id.codecDelay:
      track.delaySeconds = unsigned(bytes, element) / 1e9;
      break;
    case id.samplingFrequency:
      track.sampleRate = float(view, element);
      break;
    case id.channels:
      track.channels = unsigned(bytes, element);
      break;
    case id.contentEncodings:
      track.encoded = true;
      break;
  }
}

/** Adds the frames of a block: track number, relative timestamp, flags, then one frame or several "laced" ones. */
function addBlock(packets: PacketTable, bytes: Uint8Array, { start, end }: Element, trackNumber: number): void {
  const numberLength = variableLength(bytes, start, 8);
  if (numberLength === 0 || vint(bytes, start, numberLength) !== trackNumber) return;
  const flags = bytes[start + numberLength + 2] ?? 0;
  const body = start + numberLength + 3;
  const lacing = (flags >> 1) & 3;
  if (lacing === 0) {
    packets.add(body, end - body);
    return;
  }
  const { sizes, data } = laceSizes(bytes, body, end, lacing);
  let offset = data;
  for (const size of sizes) {
    packets.add(offset, Math.min(size, end - offset));
    offset += size;
  }
}

/** Sizes of laced frames (RFC 9559, section 10.3) and where the first one begins. The last size is what is left. */
function laceSizes(bytes: Uint8Array, body: number, end: number, lacing: number): { sizes: number[]; data: number } {
  const [xiph, fixed] = [1, 2];
  const count = (bytes[body] ?? 0) + 1;
  let offset = body + 1;
  if (lacing === fixed) {
    const size = Math.floor((end - offset) / count);
    return { sizes: new Array<number>(count).fill(size), data: offset };
  }
  const sizes: number[] = [];
  for (let i = 0; i < count - 1; i++) {
    if (lacing === xiph) {
      let size = 0;
      while (bytes[offset] === 255 && offset < end) {
        size += 255;
        offset++;
      }
      sizes.push(size + (bytes[offset++] ?? 0));
    } else {
      const length = Math.max(1, variableLength(bytes, offset, 8));
      const value = vint(bytes, offset, length);
      offset += length;
      // The first size stands as it is, the others as differences around the middle of the range.
      const previous = sizes.at(-1);
      sizes.push(previous === undefined ? value : previous + value - (2 ** (7 * length - 1) - 1));
    }
  }
  const used = sizes.reduce((sum, size) => sum + size, 0);
  return { sizes: [...sizes, end - offset - used], data: offset };
}
