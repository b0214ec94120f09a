import { deflateRawSync, gzipSync } from 'node:zlib';
import { type BrokenFile, broken } from './broken-file.ts';
import { bigEndian, concat, fixture, littleEndian, noise } from './bytes.ts';

const png = () =>
  concat([0x89], 'PNG\r\n\x1a\n', bigEndian(13, 4), 'IHDR', bigEndian(1, 4), bigEndian(1, 4), [8, 2, 0, 0, 0]);

/** One file that unpacks to ten megabytes of zeros. */
function zip() {
  const name = 'sound.wav';
  const packed = deflateRawSync(new Uint8Array(10 * 2 ** 20));
  const header = [20, 0, 0, 0, 8, 0, ...littleEndian(0, 8), ...littleEndian(packed.length, 4)];
  return concat('PK\x03\x04', header, littleEndian(10 * 2 ** 20, 4), [name.length, 0, 0, 0], name, packed);
}

/** What people and attackers send under the name of a sound, and near misses of the first bytes that tell a format. */
export const impostors: readonly BrokenFile[] = [
  broken('0 bytes', 'audio-empty', () => new Uint8Array(0)),
  broken('1 byte', 'audio-format-unknown', () => Uint8Array.of(0x52)),
  broken('text', 'audio-format-unknown', () => concat('Xin chào, đây là một đoạn văn. '.repeat(50))),
  broken('HTML', 'audio-format-unknown', () => concat('<!doctype html><html><body>404 Not Found</body></html>')),
  broken('JSON', 'audio-format-unknown', () => concat('{"error":"not found"}')),
  broken('PNG', 'audio-format-unknown', png),
  broken('ZIP', 'audio-format-unknown', zip),
  broken('gzip', 'audio-format-unknown', () => concat(gzipSync(new Uint8Array(1000)))),
  broken('EXE', 'audio-format-unknown', () => concat('MZ', noise(2000))),
  broken('ELF', 'audio-format-unknown', () => concat('\x7fELF', noise(2000))),
  broken('PDF', 'audio-format-unknown', () => concat('%PDF-1.7\n', noise(2000))),
  broken('MIDI', 'audio-format-unknown', () => concat('MThd', bigEndian(6, 4), noise(500))),
  broken('AIFF', 'audio-format-unknown', () => concat('FORM', bigEndian(500, 4), 'AIFF', noise(500))),
  broken('AVI', 'audio-format-unknown', () => concat('RIFF', littleEndian(500, 4), 'AVI LIST', noise(500))),
  broken('zeros', 'audio-format-unknown', () => new Uint8Array(100_000)),
  broken('ones', 'audio-format-unknown', () => new Uint8Array(100_000).fill(0xff)),
  broken('random bytes', 'audio-format-unknown', () => noise(100_000)),
  broken('a WAV behind a line of text', 'audio-format-unknown', async () =>
    concat('hello\n', await fixture('s16.wav')),
  ),
  broken('an MP3 named .wav', 'decodes', () => fixture('xing.mp3')),
];
