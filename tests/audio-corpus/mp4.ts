import { type Box, boxesIn, findBox } from '#core/audio/decoders/mp4-boxes.ts';
import { type BrokenFile, broken } from './broken-file.ts';
import { ascii, bigEndian, concat, fixture, indexOf, patched, spliced } from './bytes.ts';

const recorder = () => fixture('recorder.m4a');

const tablePath = ['moov', 'trak', 'mdia', 'minf', 'stbl'] as const;

function boxAt(bytes: Uint8Array, ...path: readonly string[]): Box {
  const file: Box = { type: 'file', begin: 0, start: 0, end: bytes.length, cut: false };
  const found = findBox(bytes, file, ...path);
  if (!found) throw new Error(`no box ${path.join('/')}`);
  return found;
}

/** `recorder.m4a` with other bytes in a box, `offset` counted from the beginning of its content. */
const setIn = (path: readonly string[], offset: number, value: readonly number[]) => async () => {
  const file = await recorder();
  return patched(file, boxAt(file, ...path).start + offset, value);
};

/** The same with another size of a box. */
const sized = (path: readonly string[], size: number) => setIn(path, -8, bigEndian(size, 4));

const renamed = (path: readonly string[], type: string) => setIn(path, -4, [...ascii(type)]);

/** Boxes within boxes, so deep that a reader which calls itself would fall. */
function nested(depth: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(8 * depth);
  for (let level = 0; level < depth; level++) {
    bytes.set(concat(bigEndian(8 * (depth - level), 4), 'moov'), 8 * level);
  }
  return bytes;
}

const fileType = concat(bigEndian(16, 4), 'ftypM4A ', bigEndian(0, 4));

/** The first two bytes of AudioSpecificConfig: type, rate and channels of the AAC. */
const configured = (change: (file: Uint8Array, at: number) => readonly number[]) => async () => {
  const file = await recorder();
  const at = indexOf(file, Uint8Array.of(0x12, 0x10), 0);
  return patched(file, at, change(file, at));
};

/** AudioSpecificConfig of five bits type, four bits rate, four bits channels and so on. */
const packed = (bits: string): number[] =>
  bits
    .replaceAll(' ', '')
    .padEnd(40, '0')
    .match(/.{8}/g)
    ?.map((byte) => Number.parseInt(byte, 2)) ?? [];

export const mp4Files: readonly BrokenFile[] = [
  broken('MP4 without its index', 'audio-corrupt', async () => {
    const file = await recorder();
    const { begin, end } = boxAt(file, 'moov');
    return spliced(file, begin, end);
  }),
  broken('MP4 without its sound', 'audio-corrupt', async () => {
    const file = await recorder();
    const { begin, end } = boxAt(file, 'mdat');
    return spliced(file, begin, end);
  }),
  broken('MP4 of a type alone', 'audio-corrupt', () => fileType),
  broken('MP4 whose index has size 0', 'decodes', sized(['moov'], 0)),
  broken('MP4 whose index has size 1', 'audio-corrupt', sized(['moov'], 1)),
  broken('MP4 whose index has size 7', 'audio-corrupt', sized(['moov'], 7)),
  broken('MP4 whose index has size 2^32 − 1', 'decodes', sized(['moov'], 2 ** 32 - 1)),
  broken('MP4 whose track has size 0', 'decodes', sized(['moov', 'trak'], 0)),
  broken('MP4 whose sample table has size 8', 'audio-corrupt', sized(tablePath, 8)),
  broken('MP4 with a box of 2^63 bytes first', 'audio-corrupt', async () =>
    concat(fileType, bigEndian(1, 4), 'free', [0x7f, ...bigEndian(0, 7)], await recorder()),
  ),
  broken('MP4 with a box of 64-bit size 0', 'audio-corrupt', async () =>
    concat(fileType, bigEndian(1, 4), 'free', bigEndian(0, 8), await recorder()),
  ),
  broken('MP4 of ten thousand boxes within one another', 'audio-format-unknown', () =>
    concat(fileType, nested(10_000)),
  ),
  broken('MP4 of a hundred thousand empty boxes', 'audio-corrupt', () =>
    concat(fileType, ...Array(100_000).fill('\0\0\0\x08free')),
  ),
  broken('MP4 that states 2^32 − 1 samples', 'decodes', setIn([...tablePath, 'stsz'], 8, bigEndian(2 ** 32 - 1, 4))),
  broken(
    'MP4 that states 2^32 − 1 samples of 1 byte',
    'audio-corrupt',
    setIn([...tablePath, 'stsz'], 4, [...bigEndian(1, 4), ...bigEndian(2 ** 32 - 1, 4)]),
  ),
  broken('MP4 that states 0 samples', 'audio-corrupt', setIn([...tablePath, 'stsz'], 8, bigEndian(0, 4))),
  broken(
    'MP4 with a sample larger than the file',
    'audio-corrupt',
    setIn([...tablePath, 'stsz'], 12, bigEndian(2 ** 31, 4)),
  ),
  broken(
    'MP4 whose samples lie beyond its end',
    'audio-corrupt',
    setIn([...tablePath, 'stco'], 8, bigEndian(2 ** 31, 4)),
  ),
  broken('MP4 whose samples lie in its header', 'audio-corrupt', setIn([...tablePath, 'stco'], 8, bigEndian(0, 4))),
  broken('MP4 that states 2^32 − 1 chunks', 'decodes', setIn([...tablePath, 'stco'], 4, bigEndian(2 ** 32 - 1, 4))),
  broken('MP4 with 0 samples in each chunk', 'audio-corrupt', setIn([...tablePath, 'stsc'], 12, bigEndian(0, 4))),
  broken('MP4 without sample sizes', 'audio-corrupt', renamed([...tablePath, 'stsz'], 'free')),
  broken('MP4 without places of chunks', 'audio-corrupt', renamed([...tablePath, 'stco'], 'free')),
  broken('MP4 without a codec', 'audio-corrupt', renamed([...tablePath, 'stsd'], 'free')),
  broken('MP4 without AAC’s configuration', 'audio-corrupt', async () => {
    const file = await recorder();
    return patched(file, indexOf(file, 'esds'), ascii('free'));
  }),
  broken('MP4 with four hours in its headers', 'audio-too-long', async () => {
    const file = await recorder();
    const media = boxAt(file, 'moov', 'trak', 'mdia', 'mdhd').start + 16;
    const edits = boxAt(file, 'moov', 'trak', 'edts').begin + 4;
    return patched(patched(file, media, bigEndian(4 * 3600 * 44100, 4)), edits, ascii('free'));
  }),
  broken(
    'MP4 whose clock does not tick',
    'audio-corrupt',
    setIn(['moov', 'trak', 'mdia', 'mdhd'], 12, bigEndian(0, 4)),
  ),
  broken('MP4 that states 0 Hz and 0 channels outside AAC', 'decodes', async () => {
    const file = await recorder();
    const entry = indexOf(file, 'mp4a') + 4;
    return patched(patched(file, entry + 16, [0, 0]), entry + 24, [0, 0, 0, 0]);
  }),
  broken('MP4 of video alone', 'audio-format-unknown', setIn(['moov', 'trak', 'mdia', 'hdlr'], 8, [...ascii('vide')])),
  broken('MP4 of ALAC', 'audio-format-unknown', async () => {
    const file = await recorder();
    return patched(file, indexOf(file, 'mp4a'), ascii('alac'));
  }),
  broken('MP4 of AC-3', 'audio-format-unknown', async () => {
    const file = await recorder();
    return patched(file, indexOf(file, 'mp4a'), ascii('ac-3'));
  }),
  broken('MP4 of encrypted AAC', 'audio-format-unknown', async () => {
    const file = await recorder();
    return patched(file, indexOf(file, 'mp4a'), ascii('enca'));
  }),
  broken(
    'HE-AAC, of which the lower band is decoded',
    'decodes',
    configured(() => packed('00101 0100 0010 0001 00010 000')),
  ),
  broken(
    'AAC Main',
    'audio-format-unknown',
    configured(() => packed('00001 0100 0010 000')),
  ),
  broken(
    'AAC-LC in frames of 960 samples',
    'audio-format-unknown',
    configured(() => packed('00010 0100 0010 100')),
  ),
  broken(
    'xHE-AAC',
    'audio-format-unknown',
    configured(() => packed('11111 001010 0100 0010')),
  ),
  broken(
    'AAC of a rate that does not exist',
    'audio-rate-unsupported',
    configured(() => packed('00010 1110 0010 000')),
  ),
  broken(
    'AAC of 1 Hz',
    'audio-rate-unsupported',
    configured(() => packed('00010 1111 000000000000000000000001 001')),
  ),
  broken('MP4 whose fragments belong to no track', 'audio-corrupt', async () => {
    const file = await fixture('fragmented.mp4');
    const fragments = [...boxesIn(file, 0, file.length)].filter((box) => box.type === 'moof');
    for (const fragment of fragments) {
      const header = findBox(file, fragment, 'traf', 'tfhd');
      file.set(bigEndian(99, 4), (header?.start ?? 0) + 4);
    }
    return file;
  }),
  broken('MP4 with a fragment of 2^32 − 1 samples', 'audio-corrupt', async () => {
    const file = await fixture('fragmented.mp4');
    return patched(file, boxAt(file, 'moof', 'traf', 'trun').start + 4, bigEndian(2 ** 32 - 1, 4));
  }),
  broken('MP4 cut in its sound, with the index behind', 'audio-corrupt', async () => {
    const file = await fixture('index-last.m4a');
    return file.slice(0, boxAt(file, 'mdat').end - 1000);
  }),
  broken('MP4 with its sound, and the index behind cut', 'audio-corrupt', async () => {
    const file = await fixture('index-last.m4a');
    const top = [...boxesIn(file, 0, file.length)].find((box) => box.type === 'moov');
    return file.slice(0, (top?.begin ?? 0) + 100);
  }),
];
