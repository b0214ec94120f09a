import { md5 } from '@noble/hashes/legacy.js';
import type { Control } from '../../engines/engine.ts';
import { createPace } from '../../engines/pace.ts';
import type { Audio } from '../audio.ts';
import { type AudioTags, softwareName } from '../tags.ts';
import { quantize } from '../wav-writer.ts';
import { BitWriter } from './bit-writer.ts';
import { sampleBits, writeFrame } from './frame.ts';

const blockSize = 4096;

/** Writes a mono FLAC file (RFC 9639) of 16 bit with a Vorbis comment. Lossless but for the rounding to 16 bit. */
export async function writeFlac(
  { samples, sampleRate }: Audio,
  tags: AudioTags = {},
  control: Control = {},
): Promise<Uint8Array> {
  const pace = createPace({ encode: 1 }, control);
  const writer = new BitWriter(2 ** 16 + samples.length);
  writer.writeBytes(new TextEncoder().encode('fLaC'));
  const checksumAt = writeStreamInfo(writer, samples.length, sampleRate);
  writeComment(writer, tags);

  const checksum = md5.create();
  for (let start = 0, frame = 0; start < samples.length; start += blockSize, frame++) {
    await pace('encode', start / samples.length);
    const block = quantizeBlock(samples.subarray(start, start + blockSize));
    checksum.update(new Uint8Array(new Int16Array(block).buffer));
    writeFrame(writer, block, frame, sampleRate);
  }
  const file = writer.finish();
  file.set(checksum.digest(), checksumAt);
  return file;
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
