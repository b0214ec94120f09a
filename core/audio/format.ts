import { hasAscii } from './decoders/byte-reader.ts';
import { skipId3v2 } from './decoders/id3.ts';
import { mp3Frame } from './decoders/mp3.ts';

/** Kinds of audio file that can be read. */
export type AudioFormat = 'wav' | 'mp3' | 'flac' | 'm4a' | 'aac' | 'ogg' | 'opus' | 'webm';

/** Whether an ADTS header begins at `offset`. */
function isAdtsFrame(bytes: Uint8Array, offset: number): boolean {
  return bytes[offset] === 0xff && ((bytes[offset + 1] ?? 0) & 0xf6) === 0xf0;
}

/** What the first packet of an Ogg stream holds. */
function oggCodec(bytes: Uint8Array): AudioFormat | undefined {
  const packet = 27 + (bytes[26] ?? 0);
  if (hasAscii(bytes, packet, 'OpusHead')) return 'opus';
  if (hasAscii(bytes, packet, '\x01vorbis') || hasAscii(bytes, packet, '\x7fFLAC')) return 'ogg';
  return undefined;
}

/** Finds the format by the file's content; names and MIME types are not asked. Undefined: none that we can read. */
export function detectFormat(bytes: Uint8Array): AudioFormat | undefined {
  const riff = hasAscii(bytes, 0, 'RIFF') || hasAscii(bytes, 0, 'RF64') || hasAscii(bytes, 0, 'BW64');
  if (riff) return hasAscii(bytes, 8, 'WAVE') ? 'wav' : undefined;
  if (hasAscii(bytes, 0, 'OggS')) return oggCodec(bytes);
  if (hasAscii(bytes, 4, 'ftyp')) return 'm4a';
  if (bytes[0] === 0x1a && bytes[1] === 0x45 && bytes[2] === 0xdf && bytes[3] === 0xa3) return 'webm';

  const start = skipId3v2(bytes);
  if (hasAscii(bytes, start, 'fLaC')) return 'flac';
  if (isAdtsFrame(bytes, start)) return 'aac';
  if (mp3Frame(bytes, start)) return 'mp3';
  // Some writers pad an ID3 tag with zeros beyond the length that it states.
  if (start > 0) {
    let offset = start;
    while (bytes[offset] === 0) offset++;
    if (mp3Frame(bytes, offset)) return 'mp3';
  }
  return undefined;
}
