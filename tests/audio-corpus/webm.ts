import { type BrokenFile, broken } from './broken-file.ts';
import { ascii, bigEndian, concat, fixture, indexOf, patched, spliced } from './bytes.ts';

/** Elements by the bytes of their ids (RFC 9559). */
const id = {
  ebml: [0x1a, 0x45, 0xdf, 0xa3],
  segment: [0x18, 0x53, 0x80, 0x67],
  tracks: [0x16, 0x54, 0xae, 0x6b],
  cluster: [0x1f, 0x43, 0xb6, 0x75],
  simpleBlock: [0xa3],
  duration: [0x44, 0x89],
  timestampScale: [0x2a, 0xd7, 0xb1],
  codecDelay: [0x56, 0xaa],
} as const;

/** A block of 132 bytes of track 1. */
const firstBlock = [...id.simpleBlock, 0x40, 0x84];

const browser = () => fixture('browser.webm');
const at = (bytes: Uint8Array, element: readonly number[], nth = 0) =>
  indexOf(bytes, Uint8Array.from(element), nth) + element.length;

/** `browser.webm` with other bytes behind the id and `skip` bytes of an element. */
const setAt = (element: readonly number[], skip: number, value: readonly number[]) => async () => {
  const file = await browser();
  return patched(file, at(file, element) + skip, value);
};

const codec = (name: string) => async () => {
  const file = await browser();
  return patched(file, indexOf(file, 'A_OPUS'), ascii(name));
};

const header = concat(id.ebml, [0x80]);
const unknownSize = [0x01, 255, 255, 255, 255, 255, 255, 255];

const double = (value: number) => [...new Uint8Array(new Float64Array([value]).buffer)].reverse();

/** `browser.webm` whose segment states this length in milliseconds. */
const lasting = (milliseconds: number) => async () => {
  const file = await browser();
  return patched(file, at(file, [...id.duration, 0x88]), double(milliseconds));
};

export const webmFiles: readonly BrokenFile[] = [
  broken('WebM of a header alone', 'audio-format-unknown', () => header),
  broken('WebM of elements within one another, ten thousand deep', 'audio-format-unknown', () =>
    concat(header, ...Array(10_000).fill([...id.segment, ...unknownSize])),
  ),
  broken('WebM of a hundred thousand tracks', 'audio-format-unknown', () =>
    concat(
      header,
      id.segment,
      unknownSize,
      id.tracks,
      unknownSize,
      new Uint8Array(200_000).map((_, i) => (i % 2 ? 0x80 : 0xae)),
    ),
  ),
  broken('WebM whose header never ends', 'audio-format-unknown', setAt(id.ebml, 0, unknownSize)),
  broken('WebM whose tracks are larger than the file', 'decodes', setAt(id.tracks, 0, unknownSize)),
  broken('WebM whose cluster states 0 bytes', 'decodes', async () => {
    const file = await browser();
    const size = at(file, id.cluster);
    const width = Math.clz32(file[size] ?? 0) - 23;
    return patched(file, size, [0x80 >> (width - 1), ...Array(width - 1).fill(0)]);
  }),
  broken('WebM with zeros in place of its clusters', 'audio-corrupt', async () => {
    const file = await browser();
    const cluster = at(file, id.cluster) - 4;
    return spliced(file, cluster, file.length, new Uint8Array(1000));
  }),
  broken('WebM with a block larger than the file', 'audio-corrupt', async () => {
    const file = await browser();
    return patched(file, at(file, firstBlock) - 2, [0x10, 255]);
  }),
  broken('WebM that lasts four hours', 'decodes', lasting(4 * 3600 * 1000)),
  broken('WebM that lasts −1 ms', 'decodes', lasting(-1)),
  broken('WebM that lasts NaN', 'decodes', lasting(Number.NaN)),
  broken('WebM that lasts forever', 'decodes', lasting(Number.POSITIVE_INFINITY)),
  broken('Vorbis in WebM that lasts four hours', 'audio-too-long', async () => {
    const file = await fixture('vorbis.webm');
    return patched(file, at(file, [...id.duration, 0x88]), double(4 * 3600 * 1000));
  }),
  broken('Vorbis in WebM without its three headers', 'audio-corrupt', async () => {
    const file = await fixture('vorbis.webm');
    return patched(file, indexOf(file, '\x01vorbis') - 3, [0]);
  }),
  broken('WebM of video alone', 'audio-format-unknown', async () => {
    const file = await browser();
    return patched(file, indexOf(file, Uint8Array.of(0x83, 0x81, 0x02)) + 2, [1]);
  }),
  broken('WebM of AC-3', 'audio-format-unknown', codec('A_AC3\0')),
  broken('WebM of a codec without a name', 'audio-format-unknown', codec('\0\0\0\0\0\0')),
  broken('WebM without OpusHead', 'audio-corrupt', async () => {
    const file = await browser();
    const head = indexOf(file, 'OpusHead');
    return patched(file, head - 3, [0xec, 0x40 | 0, file[head - 1] ?? 0]);
  }),
  broken('WebM whose first block is laced into 256 frames', 'decodes', async () => {
    const file = await browser();
    return patched(file, at(file, firstBlock) + 3, [0x86, 255]);
  }),
  broken('EBML that is no Matroska', 'audio-format-unknown', async () => concat(header, bigEndian(0, 100))),
];
