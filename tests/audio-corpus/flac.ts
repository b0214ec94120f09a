import { BitWriter } from '#core/audio/flac/bit-writer.ts';
import { writeFrame } from '#core/audio/flac/frame.ts';
import { type BrokenFile, broken } from './broken-file.ts';
import { bigEndian, concat, fixture, indexOf, patched, spliced } from './bytes.ts';

const lossless = () => fixture('lossless.flac');

/** Where STREAMINFO's parts stand in a file that begins with it. */
const at = { blockSizes: 8, packed: 18, samples: 21, md5: 26, afterStreamInfo: 42 };

/** STREAMINFO of one channel that says so; 0 samples means that their number is not known. */
function streamInfo(sampleRate: number, samples: number): Uint8Array<ArrayBuffer> {
  const packed = (BigInt(sampleRate) << 44n) | (15n << 36n) | BigInt(samples);
  const words = [Number(packed >> 32n), Number(packed & 0xffffffffn)].flatMap((word) => bigEndian(word, 4));
  return concat(
    'fLaC',
    [0x80, 0, 0, 34],
    bigEndian(16, 2),
    bigEndian(65535, 2),
    bigEndian(0, 6),
    words,
    bigEndian(0, 16),
  );
}

/** Silence: 65535 samples in 14 bytes. Its header may keep quiet about its length. */
function bomb(seconds: number, sampleRate: number, stated: 'length' | 'nothing'): Uint8Array<ArrayBuffer> {
  const writer = new BitWriter(2 ** 20);
  const frames = Math.ceil((seconds * sampleRate) / 65535);
  const silence = new Int32Array(65535);
  for (let frame = 0; frame < frames; frame++) writeFrame(writer, silence, frame, sampleRate);
  return concat(streamInfo(sampleRate, stated === 'length' ? frames * 65535 : 0), writer.finish());
}

/** The frames of the fixture begin behind its metadata. */
async function frameAt(nth: number): Promise<number> {
  return indexOf(await lossless(), Uint8Array.of(0xff, 0xf8), nth);
}

export const flacFiles: readonly BrokenFile[] = [
  broken('FLAC of ten hours of silence in 130 kB, which says so', 'audio-too-long', () =>
    bomb(36_000, 16000, 'length'),
  ),
  broken('FLAC of ten hours of silence, which hides it', 'audio-too-long', () => bomb(36_000, 16000, 'nothing')),
  broken('FLAC of two hours of silence at 192 kHz, which hides it', 'audio-too-long', () =>
    bomb(7200, 192000, 'nothing'),
  ),
  broken('FLAC of a minute of silence', 'audio-silent', () => bomb(60, 16000, 'length')),
  broken('FLAC with a wrong MD5', 'decodes', async () => patched(await lossless(), at.md5, Array(16).fill(1))),
  broken('FLAC with the wrong CRC of its last frame', 'audio-corrupt', async () => {
    const file = await lossless();
    return patched(file, file.length - 1, [(file.at(-1) ?? 0) ^ 1]);
  }),
  broken('FLAC with a damaged first frame', 'audio-corrupt', async () => {
    const file = await lossless();
    const middle = (await frameAt(0)) + 2000;
    return patched(file, middle, [(file[middle] ?? 0) ^ 0xff]);
  }),
  broken('FLAC whose frame headers are all damaged', 'audio-corrupt', async () => {
    const file = await lossless();
    return file.map((byte, i) => (i > at.afterStreamInfo && byte === 0xff ? 0 : byte));
  }),
  broken('FLAC that states blocks of 0 samples', 'decodes', async () =>
    patched(await lossless(), at.blockSizes, [0, 0, 0, 0]),
  ),
  broken('FLAC that states half its samples', 'decodes', async () =>
    patched(await lossless(), at.samples + 1, bigEndian(4000, 4)),
  ),
  broken('FLAC that states twice its samples', 'audio-corrupt', async () =>
    patched(await lossless(), at.samples + 1, bigEndian(16000, 4)),
  ),
  broken('FLAC that states 2^36 samples', 'audio-too-long', async () => {
    const file = await lossless();
    return patched(file, at.samples, [(file[at.samples] ?? 0) | 15, 255, 255, 255, 255]);
  }),
  broken('FLAC of 0 Hz', 'audio-rate-unsupported', () => streamInfo(0, 16000)),
  broken('FLAC of 1 MHz', 'audio-rate-unsupported', () => streamInfo(1_000_000, 16000)),
  broken('FLAC that states 8 channels and has 2', 'audio-corrupt', async () => {
    const file = await lossless();
    return patched(file, at.packed + 2, [(file[at.packed + 2] ?? 0) | 0x0e]);
  }),
  broken('FLAC of a header alone', 'audio-corrupt', () => streamInfo(16000, 16000)),
  broken('FLAC without STREAMINFO', 'audio-corrupt', () => concat('fLaC', [0x84, 0, 0, 4], 'none')),
  broken('FLAC with metadata of 16 MB that are not there', 'audio-corrupt', async () => {
    const file = await lossless();
    return spliced(patched(file, 4, [0]), at.afterStreamInfo, at.afterStreamInfo, [0x81, 255, 255, 255]);
  }),
  broken('FLAC with garbage between its frames', 'decodes', async () => {
    const second = await frameAt(1);
    return spliced(await lossless(), second, second, new Uint8Array(500));
  }),
];
