import { InputError } from '../../errors.ts';
import { bigEndian } from './byte-reader.ts';
import { type Box, boxesIn, findBox } from './mp4-boxes.ts';
import { addFragment, type FragmentDefaults } from './mp4-fragments.ts';
import { readSampleEntry } from './mp4-sample-entry.ts';
import { addSamples } from './mp4-samples.ts';
import { PacketTable, type PacketTrack } from './packet-track.ts';

/**
 * Reads an MP4, M4A or QuickTime file (ISO/IEC 14496-12): its first audio track and that track's packets, whether the index
 * comes first, last, or in fragments. Throws `InputError('audio-corrupt' | 'audio-format-unknown')`.
 */
export function readMp4(bytes: Uint8Array): PacketTrack {
  const top = [...boxesIn(bytes, 0, bytes.length)];
  const movie = top.find((box) => box.type === 'moov');
  if (!movie) throw new InputError('audio-corrupt', { reason: 'mp4-no-index' });
  const track = [...boxesIn(bytes, movie.start, movie.end)].find((box) => box.type === 'trak' && isAudio(bytes, box));
  if (!track) {
    throw new InputError(movie.cut ? 'audio-corrupt' : 'audio-format-unknown', { reason: 'no-audio-track' });
  }

  const mediaHeader = findBox(bytes, track, 'mdia', 'mdhd');
  const table = findBox(bytes, track, 'mdia', 'minf', 'stbl');
  if (!mediaHeader || !table) throw new InputError('audio-corrupt', { reason: 'mp4-track' });
  const entry = readSampleEntry(bytes, table);
  const media = readTimes(bytes, mediaHeader);

  const packets = new PacketTable(bytes);
  let complete = addSamples(bytes, table, packets);
  const fragments = fragmentDefaults(bytes, movie, track);
  if (fragments) {
    for (const box of top) if (box.type === 'moof') complete = addFragment(bytes, box, fragments, packets) && complete;
  }
  const cut = !complete || top.some((box) => box.type === 'mdat' && box.cut);
  return { ...entry, packets, ...readEdit(bytes, movie, track, media), discardSeconds: 0, cut };
}

interface Times {
  /** Units in a second. */
  readonly scale: number;
  readonly duration: number;
}

/** `mvhd` and `mdhd` begin alike, but for the width of their times. */
function readTimes(bytes: Uint8Array, { start }: Box): Times {
  const wide = bytes[start] === 1;
  const at = start + 4 + (wide ? 16 : 8);
  const duration = bigEndian(bytes, at + 4, wide ? 8 : 4);
  const unknown = duration >= (wide ? 2 ** 63 : 2 ** 32 - 1);
  return { scale: bigEndian(bytes, at, 4) || 1, duration: unknown ? 0 : duration };
}

/** The part of the media that is to be heard: what the first real edit says, else all of it. */
function readEdit(
  bytes: Uint8Array,
  movie: Box,
  track: Box,
  media: Times,
): { skipSeconds: number; seconds: number | undefined } {
  const whole = { skipSeconds: 0, seconds: media.duration > 0 ? media.duration / media.scale : undefined };
  const list = findBox(bytes, track, 'edts', 'elst');
  const movieHeader = findBox(bytes, movie, 'mvhd');
  if (!list || !movieHeader) return whole;

  const wide = bytes[list.start] === 1;
  const width = wide ? 8 : 4;
  const count = bigEndian(bytes, list.start + 4, 4);
  for (let i = 0; i < count; i++) {
    const at = list.start + 8 + i * (2 * width + 4);
    if (at + 2 * width > list.end) break;
    const mediaTime = bigEndian(bytes, at + width, width);
    const empty = mediaTime >= 2 ** (8 * width - 1);
    if (empty) continue;
    const duration = bigEndian(bytes, at, width);
    const skipSeconds = mediaTime / media.scale;
    // Fragmented files state 0, since they were begun before their length was known.
    if (duration > 0) return { skipSeconds, seconds: duration / readTimes(bytes, movieHeader).scale };
    return { skipSeconds, seconds: whole.seconds === undefined ? undefined : whole.seconds - skipSeconds };
  }
  return whole;
}

function isAudio(bytes: Uint8Array, track: Box): boolean {
  const handler = findBox(bytes, track, 'mdia', 'hdlr');
  return handler !== undefined && bigEndian(bytes, handler.start + 8, 4) === 0x736f756e;
}

/** What fragments of the track may leave unsaid, or undefined when the file has none. */
function fragmentDefaults(bytes: Uint8Array, movie: Box, track: Box): FragmentDefaults | undefined {
  const header = findBox(bytes, track, 'tkhd');
  const extension = findBox(bytes, movie, 'mvex');
  if (!header || !extension) return undefined;
  const trackId = bigEndian(bytes, header.start + (bytes[header.start] === 1 ? 20 : 12), 4);
  for (const box of boxesIn(bytes, extension.start, extension.end)) {
    if (box.type === 'trex' && bigEndian(bytes, box.start + 4, 4) === trackId) {
      return { trackId, sampleBytes: bigEndian(bytes, box.start + 16, 4) };
    }
  }
  return { trackId, sampleBytes: 0 };
}
