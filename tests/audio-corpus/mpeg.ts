import { mp3Frame } from '#core/audio/decoders/mp3.ts';
import { type BrokenFile, broken } from './broken-file.ts';
import { bigEndian, concat, fixture, indexOf, noise, patched } from './bytes.ts';

/** `plain.mp3` in frames, without the tag before them. */
async function mp3Frames(): Promise<Uint8Array[]> {
  const file = await fixture('plain.mp3');
  const frames: Uint8Array[] = [];
  let offset = file.indexOf(0xff);
  for (let frame = mp3Frame(file, offset); frame; frame = mp3Frame(file, offset)) {
    frames.push(file.slice(offset, offset + frame.bytes));
    offset += frame.bytes;
  }
  return frames;
}

/** `stream.aac` in ADTS frames. */
async function adtsFrames(): Promise<Uint8Array[]> {
  const file = await fixture('stream.aac');
  const frames: Uint8Array[] = [];
  for (let offset = 0; offset < file.length; ) {
    const [, , , a = 0, b = 0, c = 0] = file.subarray(offset);
    const length = ((a & 3) << 11) | (b << 3) | (c >> 5);
    frames.push(file.slice(offset, offset + length));
    offset += length;
  }
  return frames;
}

const everySecond = (frames: readonly Uint8Array[], change: (frame: Uint8Array, i: number) => Uint8Array) =>
  concat(...frames.map((frame, i) => (i % 2 ? change(frame, i) : frame)));

/** An ID3v2.4 tag that claims to be so long, up to 2^28 − 1 bytes. */
const id3 = (length: number) =>
  concat(
    'ID3',
    [4, 0, 0],
    [21, 14, 7, 0].map((shift) => (length >> shift) & 127),
  );

/** The number of frames in the Xing or Info tag of `xing.mp3`. */
const counting = (frames: number) => async () => {
  const file = await fixture('xing.mp3');
  return patched(file, indexOf(file, 'Info') + 8, bigEndian(frames, 4));
};

export const mpegFiles: readonly BrokenFile[] = [
  broken('MP3 with noise between its frames', 'decodes', async () =>
    everySecond(await mp3Frames(), (frame, i) =>
      concat(
        noise(300, i).map((byte) => byte & 0x7f),
        frame,
      ),
    ),
  ),
  broken('MP3 with zeros in place of every second frame', 'audio-too-short', async () =>
    everySecond(await mp3Frames(), (frame) => new Uint8Array(frame.length)),
  ),
  broken('MP3 whose frames hold noise', 'decodes', async () =>
    concat(...(await mp3Frames()).map((frame, i) => patched(noise(frame.length, i), 0, frame.subarray(0, 4)))),
  ),
  broken('MP3 with its end in noise', 'decodes', async () =>
    concat(
      await fixture('plain.mp3'),
      noise(2000).map((byte) => byte & 0x7f),
    ),
  ),
  broken('MP3 of one frame', 'audio-too-short', async () => concat(...(await mp3Frames()).slice(0, 1))),
  broken('MP3 of headers alone', 'audio-format-unknown', async () =>
    concat(...(await mp3Frames()).map((frame) => patched(frame.slice(0, 4), 2, [0xf0]))),
  ),
  broken('MP3 of Layer II', 'audio-format-unknown', async () =>
    concat(...(await mp3Frames()).map((frame) => patched(frame, 1, [0xfd]))),
  ),
  broken('MP3 whose frames change their rate', 'audio-corrupt', async () =>
    concat(await fixture('plain.mp3'), await fixture('low-rate.mp3')),
  ),
  broken('MP3 with a tag of 256 MB that is not there', 'audio-format-unknown', async () =>
    concat(id3(2 ** 28 - 1), await fixture('plain.mp3')),
  ),
  broken('MP3 behind a thousand empty tags', 'decodes', async () =>
    concat(...Array(1000).fill(id3(0)), await fixture('plain.mp3')),
  ),
  broken('ID3 tag and nothing else', 'audio-format-unknown', () => concat(id3(1000), new Uint8Array(1000))),
  broken('MP3 that counts 2^32 − 1 frames', 'audio-too-long', counting(2 ** 32 - 1)),
  broken('MP3 that counts four hours', 'audio-too-long', counting(Math.ceil((4 * 3600 * 44100) / 1152))),
  broken('MP3 that counts 0 frames', 'decodes', counting(0)),
  broken('MP3 that counts twice its frames', 'audio-corrupt', counting(94)),
  broken('ADTS of one header and noise', 'audio-corrupt', async () =>
    concat((await adtsFrames())[0]?.slice(0, 7) ?? [], noise(20_000)),
  ),
  broken('ADTS whose frames hold noise', 'audio-corrupt', async () =>
    concat(...(await adtsFrames()).map((frame, i) => patched(noise(frame.length, i), 0, frame.subarray(0, 7)))),
  ),
  broken('ADTS with noise between its frames', 'decodes', async () =>
    everySecond(await adtsFrames(), (frame, i) =>
      concat(
        noise(300, i).map((byte) => byte & 0x7f),
        frame,
      ),
    ),
  ),
  broken('ADTS of one frame', 'audio-too-short', async () => concat(...(await adtsFrames()).slice(0, 1))),
  broken('ADTS with frames of 7 bytes, headers alone', 'audio-corrupt', async () =>
    concat(...(await adtsFrames()).map((frame) => patched(patched(frame.slice(0, 7), 3, [0x80, 0, 0xff]), 5, [0xff]))),
  ),
  broken('ADTS of a rate that does not exist', 'audio-corrupt', async () =>
    concat(...(await adtsFrames()).map((frame) => patched(frame, 2, [(frame[2] ?? 0) | 0x3c]))),
  ),
];
