import { expect, test } from 'bun:test';
import { join } from 'node:path';
import { decodeAudio } from '../decode.ts';
import { encodeAudio } from '../encode.ts';
import { voiceLikeSignal } from '../fixtures/signal.ts';
import { crc8, crc16 } from './checksum.ts';
import { FlacDecoder } from './decoder.ts';

const source = { samples: voiceLikeSignal(3, 16000), sampleRate: 16000 };
const blockSize = 4096;

/** Where the frames of a file begin. */
function frameStarts(file: Uint8Array, firstFrame: number): number[] {
  const decoder = new FlacDecoder({ channels: 1, bits: 16 });
  const starts = [firstFrame];
  for (let frame = decoder.decode(file, firstFrame); frame; frame = decoder.decode(file, frame.end))
    starts.push(frame.end);
  return starts;
}

test('checksums are those of the standard', () => {
  const digits = new TextEncoder().encode('123456789');
  expect(crc8(digits)).toBe(0xf4);
  expect(crc16(digits)).toBe(0xfee8);
});

test('a damaged frame becomes silence; all that follows keeps its place', async () => {
  const file = await encodeAudio({ samples: voiceLikeSignal(30, 16000), sampleRate: 16000 }, { format: 'flac' });
  const { audio: whole } = await decodeAudio(file);
  const firstFrame = file.findIndex((byte, i) => byte === 0xff && file[i + 1] === 0xf8);
  const starts = frameStarts(file, firstFrame);
  const fifth = starts[5] ?? 0;
  file[fifth + 200] = (file[fifth + 200] ?? 0) ^ 0x10;
  const { audio } = await decodeAudio(file);
  expect(audio.samples.length).toBe(whole.samples.length);
  audio.samples.forEach((sample, i) => {
    const inside = Math.floor(i / blockSize) === 5;
    if (sample !== (inside ? 0 : whole.samples[i])) throw new Error(`sample ${i}: ${sample}`);
  });
});

test('many damaged frames are refused', async () => {
  const file = await encodeAudio(source, { format: 'flac' });
  for (let i = 600; i < file.length; i += 500) file[i] = (file[i] ?? 0) ^ 0x55;
  expect(decodeAudio(file)).rejects.toMatchObject({ code: 'audio-corrupt' });
});

test('the checksum of the samples in the header is that of 16-bit sound', async () => {
  const file = await encodeAudio(source, { format: 'flac' });
  const sixteen = Int16Array.from(source.samples, (sample) => Math.round(sample * 32768));
  const hash = new Bun.CryptoHasher('md5').update(new Uint8Array(sixteen.buffer)).digest();
  expect(Buffer.from(file.subarray(26, 42)).toString('hex')).toBe(hash.toString('hex'));
});

test('files of other encoders decode to what their own checksums say, bit by bit', async () => {
  const folder = join(import.meta.dir, '../../../samples');
  const files = [...new Bun.Glob('**/*.flac').scanSync(folder)];
  expect(files.length).toBeGreaterThan(4);
  for (const file of files) {
    const bytes = await Bun.file(join(folder, file)).bytes();
    const { audio } = await decodeAudio(bytes);
    const sixteen = Int16Array.from(audio.samples, (sample) => sample * 32768);
    const hash = new Bun.CryptoHasher('md5').update(new Uint8Array(sixteen.buffer)).digest();
    expect({ file, hash: hash.toString('hex') }).toEqual({
      file,
      hash: Buffer.from(bytes.subarray(26, 42)).toString('hex'),
    });
  }
});
