import { md5 } from '@noble/hashes/legacy.js';
import type { Control } from '../../engines/engine.ts';
import { createPace } from '../../engines/pace.ts';
import type { Sound } from '../sound.ts';
import { type AudioTags, softwareName } from '../tags.ts';
import { quantize } from '../wav-writer.ts';
import { BitWriter } from './bit-writer.ts';
import { sampleBits, writeFrame } from './frame.ts';

const blockSize = 4096;

/**
 * A mono FLAC file (RFC 9639) of 16 bit with a Vorbis comment. Lossless but for the rounding to 16 bit. The frames wait for the
 * end, since the checksum of all samples stands before them.
 */
export async function* writeFlac(
  { sampleRate, length, pieces }: Sound,
  tags: AudioTags = {},
  control: Control = {},
): AsyncGenerator<Uint8Array> {
  const pace = createPace({ encode: 1 }, control);
  const header = new BitWriter();
  header.writeBytes(new TextEncoder().encode('fLaC'));
  const checksumAt = writeStreamInfo(header, length, sampleRate);
  writeComment(header, tags);

  const checksum = md5.create();
  const parts: Uint8Array[] = [];
  let frame = 0;
  for await (const samples of blocksOf(pieces(), blockSize)) {
    await pace('encode', (frame * blockSize) / length);
    const block = quantizeBlock(samples);
    checksum.update(new Uint8Array(new Int16Array(block).buffer));
    const writer = new BitWriter(2 * blockSize);
    writeFrame(writer, block, frame++, sampleRate);
    parts.push(writer.finish());
  }
  const start = header.finish();
  start.set(checksum.digest(), checksumAt);
  yield start;
  yield* parts;
}

/** The same samples in blocks of `size`, the last one shorter. All in one buffer. */
async function* blocksOf(pieces: AsyncIterable<Float32Array>, size: number): AsyncGenerator<Float32Array> {
  const block = new Float32Array(size);
  let filled = 0;
  for await (const piece of pieces) {
    for (let at = 0; at < piece.length; ) {
      const part = piece.subarray(at, at + size - filled);
      block.set(part, filled);
      filled += part.length;
      at += part.length;
      if (filled < size) continue;
      yield block;
      filled = 0;
    }
  }
  if (filled > 0) yield block.subarray(0, filled);
}

function quantizeBlock(samples: Float32Array): Int32Array {
  const block = new Int32Array(samples.length);
  for (let i = 0; i < block.length; i++) block[i] = quantize(samples[i] ?? 0, sampleBits);
  return block;
}

/** Writes STREAMINFO and returns where its MD5 of the samples belongs. */
function writeStreamInfo(writer: BitWriter, totalSamples: number, sampleRate: number): number {
  writer.write(0, 8);
  writer.write(34, 24);
  writer.write(blockSize, 16);
  writer.write(blockSize, 16);
  // Smallest and largest frame: not told.
  writer.write(0, 24);
  writer.write(0, 24);
  writer.write(sampleRate, 20);
  writer.write(0, 3);
  writer.write(sampleBits - 1, 5);
  writer.write(Math.floor(totalSamples / 2 ** 32), 4);
  writer.write(totalSamples, 32);
  const checksumAt = writer.byteLength;
  writer.writeBytes(new Uint8Array(16));
  return checksumAt;
}

/** The last metadata block. Its lengths are little-endian, unlike all else in FLAC. */
function writeComment(writer: BitWriter, tags: AudioTags): void {
  const text = new TextEncoder();
  const fields: readonly (readonly [string, string | undefined])[] = [
    ['TITLE', tags.title],
    ['ARTIST', tags.artist],
    ['COMMENT', tags.comment],
    ['DATE', tags.date],
    ['ENCODER', softwareName],
  ];
  const entries = fields.flatMap(([name, value]) => (value ? [text.encode(`${name}=${value}`)] : []));
  const vendor = text.encode(softwareName);
  const size = [vendor, ...entries].reduce((sum, entry) => sum + 4 + entry.length, 4);
  writer.write(0x84, 8);
  writer.write(size, 24);
  writer.writeBytes(littleEndian32(vendor.length));
  writer.writeBytes(vendor);
  writer.writeBytes(littleEndian32(entries.length));
  for (const entry of entries) {
    writer.writeBytes(littleEndian32(entry.length));
    writer.writeBytes(entry);
  }
}

function littleEndian32(value: number): Uint8Array {
  return new Uint8Array(Uint32Array.of(value).buffer);
}
