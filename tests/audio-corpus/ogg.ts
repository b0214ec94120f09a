import { type BrokenFile, broken } from './broken-file.ts';
import { bigEndian, concat, fixture, indexOf, littleEndian, patched, spliced } from './bytes.ts';

/** Offsets within a page's header. */
const page = { flags: 5, position: 6, serial: 14, sequence: 18, checksum: 22, segments: 26, header: 27 };

interface Page {
  readonly begin: number;
  readonly end: number;
}

function pagesOf(bytes: Uint8Array): Page[] {
  const pages: Page[] = [];
  for (let begin = 0; begin < bytes.length; ) {
    const segments = bytes[begin + page.segments] ?? 0;
    const body = begin + page.header + segments;
    const end = bytes.subarray(begin + page.header, body).reduce((sum, length) => sum + length, body);
    pages.push({ begin, end });
    begin = end;
  }
  return pages;
}

/** CRC-32 with polynomial 0x04C11DB7, not reflected, as Ogg has it. */
function checksum(bytes: Uint8Array): number {
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte << 24;
    for (let i = 0; i < 8; i++) crc = crc & 0x80000000 ? (crc << 1) ^ 0x04c11db7 : crc << 1;
  }
  return crc >>> 0;
}

/** Changes whole pages, each with its number, and gives them checksums that are right again. */
function repaged(bytes: Uint8Array, change: (page: Uint8Array, index: number) => Uint8Array): Uint8Array<ArrayBuffer> {
  const pages = pagesOf(bytes).map(({ begin, end }, index) => {
    const changed = change(bytes.slice(begin, end), index);
    if (changed.length === 0) return changed;
    changed.fill(0, page.checksum, page.checksum + 4);
    changed.set(littleEndian(checksum(changed), 4), page.checksum);
    return changed;
  });
  return concat(...pages);
}

const setIn = (file: string, index: number, offset: number, value: readonly number[]) => async () =>
  repaged(await fixture(file), (bytes, i) => (i === index ? patched(bytes, offset, value) : bytes));

/** Every page of a file changed alike. */
const setInAll = (file: string, offset: number, value: readonly number[]) => async () =>
  repaged(await fixture(file), (bytes) => patched(bytes, offset, value));

/** A file with its last page saying that the stream ends at this sample. */
const endingAt = (file: string, samples: number) => async () => {
  const bytes = await fixture(file);
  const last = pagesOf(bytes).length - 1;
  return repaged(bytes, (content, i) =>
    i === last ? patched(content, page.position, littleEndian(samples, 8)) : content,
  );
};

/** A second stream behind the first, told from it by its serial number. */
const chained =
  (first: string, second: string, change = (bytes: Uint8Array) => bytes) =>
  async () => {
    const other = repaged(await fixture(second), (bytes, i) =>
      patched(i === 0 ? change(bytes) : bytes, page.serial, [9, 9, 9, 9]),
    );
    return concat(await fixture(first), other);
  };

/** OpusHead stands on the first page behind one segment length. */
const opusHead = { begin: 28, channels: 37, preSkip: 38, mapping: 46 };
/** The Vorbis identification header likewise. */
const vorbisHead = { channels: 39, sampleRate: 40, blockSizes: 56 };

/** OpusHead with a table of streams. */
const mapped = (channels: number, streams: number, coupled: number, table: readonly number[]) => async () =>
  repaged(await fixture('opus.ogg'), (bytes, i) => {
    if (i > 0) return bytes;
    const head = patched(bytes.subarray(opusHead.begin), 9, [channels]);
    head[18] = 1;
    const all = concat(head, [streams, coupled, ...table]);
    return concat(bytes.subarray(0, page.segments), [1, all.length], all);
  });

export const oggFiles: readonly BrokenFile[] = [
  broken('Vorbis with the wrong checksum of a page', 'decodes', async () => {
    const file = await fixture('vorbis.ogg');
    const { end = 0 } = pagesOf(file).at(-1) ?? {};
    return patched(file, end - 1, [(file[end - 1] ?? 0) ^ 0xff]);
  }),
  broken('Vorbis with a page that is missing', 'audio-corrupt', async () =>
    repaged(await fixture('vorbis.ogg'), (bytes, i) => (i === 2 ? new Uint8Array(0) : bytes)),
  ),
  broken('Vorbis whose pages all have the same number', 'decodes', setInAll('vorbis.ogg', page.sequence, [3, 0, 0, 0])),
  broken('Opus whose pages all have the same number', 'decodes', setInAll('opus.ogg', page.sequence, [3, 0, 0, 0])),
  broken('Vorbis without a page that begins the stream', 'decodes', setIn('vorbis.ogg', 0, page.flags, [0])),
  broken('Opus without a page that ends the stream', 'decodes', async () => {
    const file = await fixture('opus.ogg');
    return repaged(file, (bytes) => patched(bytes, page.flags, [(bytes[page.flags] ?? 0) & ~4]));
  }),
  broken(
    'Vorbis, then Vorbis of another rate',
    'audio-corrupt',
    chained('vorbis.ogg', 'vorbis.ogg', (bytes) => patched(bytes, vorbisHead.sampleRate, littleEndian(22050, 4))),
  ),
  broken('Vorbis, then Opus', 'audio-corrupt', chained('vorbis.ogg', 'opus.ogg')),
  broken('Opus, then Vorbis', 'audio-corrupt', chained('opus.ogg', 'vorbis.ogg')),
  broken(
    'Opus, then Opus of one channel',
    'audio-corrupt',
    chained('opus.ogg', 'opus.ogg', (bytes) => patched(bytes, opusHead.channels, [1])),
  ),
  broken('Vorbis of 0 channels', 'audio-channels-unsupported', setIn('vorbis.ogg', 0, vorbisHead.channels, [0])),
  broken('Vorbis of 255 channels', 'audio-channels-unsupported', setIn('vorbis.ogg', 0, vorbisHead.channels, [255])),
  broken('Vorbis of 0 Hz', 'audio-rate-unsupported', setIn('vorbis.ogg', 0, vorbisHead.sampleRate, [0, 0, 0, 0])),
  broken('Vorbis with blocks of 1 sample', 'audio-corrupt', setIn('vorbis.ogg', 0, vorbisHead.blockSizes, [0])),
  broken('Vorbis that ends after four hours', 'audio-too-long', endingAt('vorbis.ogg', 4 * 3600 * 44100)),
  broken('Vorbis that ends after two minutes', 'audio-corrupt', endingAt('vorbis.ogg', 120 * 44100)),
  broken('Vorbis of an identification alone', 'audio-corrupt', async () => {
    const file = await fixture('vorbis.ogg');
    return file.slice(0, pagesOf(file)[0]?.end);
  }),
  broken('Vorbis whose comment claims 4 GB', 'decodes', async () => {
    const file = await fixture('vorbis.ogg');
    const comment = indexOf(file, '\x03vorbis') + 7;
    return repaged(patched(file, comment, [255, 255, 255, 255]), (bytes) => bytes);
  }),
  broken('Opus that skips more than it has', 'audio-corrupt', setIn('opus.ogg', 0, opusHead.preSkip, [255, 255])),
  broken('Opus that skips nothing', 'decodes', setIn('opus.ogg', 0, opusHead.preSkip, [0, 0])),
  broken('Opus that ends before it begins', 'audio-corrupt', endingAt('opus.ogg', 1)),
  broken('Opus that ends after four hours', 'decodes', endingAt('opus.ogg', 4 * 3600 * 48000)),
  broken('Opus of 0 channels', 'audio-channels-unsupported', setIn('opus.ogg', 0, opusHead.channels, [0])),
  broken('Opus of 255 channels', 'audio-channels-unsupported', setIn('opus.ogg', 0, opusHead.channels, [255])),
  broken('Opus of 8 channels without a table', 'audio-corrupt', setIn('opus.ogg', 0, opusHead.channels, [8])),
  broken('Opus with a table of streams that are not there', 'audio-corrupt', mapped(2, 2, 2, [7, 9])),
  broken('Opus with a table of 0 streams', 'audio-corrupt', mapped(2, 0, 0, [0, 1])),
  broken('Opus with a table of 255 streams', 'audio-corrupt', mapped(2, 255, 255, [0, 1])),
  broken('Opus with a table that is cut', 'decodes', async () =>
    repaged(await fixture('opus.ogg'), (bytes, i) => (i === 0 ? patched(bytes, opusHead.mapping, [1]) : bytes)),
  ),
  broken('Opus whose packets are noise', 'audio-corrupt', async () =>
    repaged(await fixture('opus.ogg'), (bytes, i) =>
      i < 2 ? bytes : bytes.map((byte, at) => (at < page.header + (bytes[page.segments] ?? 0) ? byte : 0xff)),
    ),
  ),
  broken('Opus with a packet that never ends', 'audio-corrupt', async () => {
    const file = await fixture('opus.ogg');
    const headers = pagesOf(file)[1]?.end ?? 0;
    const endless = concat(
      'OggS',
      [0, 0],
      bigEndian(0, 8),
      file.subarray(page.serial, page.serial + 4),
      littleEndian(2, 4),
      [0, 0, 0, 0, 255],
      Array(255).fill(255),
      new Uint8Array(255 * 255),
    );
    return repaged(spliced(file, headers, file.length, endless, endless, endless), (bytes) => bytes);
  }),
  broken('Ogg of Speex', 'audio-format-unknown', async () =>
    patched(
      await fixture('opus.ogg'),
      opusHead.begin,
      [...'Speex   '].map((c) => c.charCodeAt(0)),
    ),
  ),
  broken('Ogg of video', 'audio-format-unknown', async () =>
    patched(await fixture('vorbis.ogg'), opusHead.begin, [0x80, ...[...'theora'].map((c) => c.charCodeAt(0))]),
  ),
  broken('Ogg whose first page has no segments', 'audio-format-unknown', () =>
    concat('OggS', [0, 2], bigEndian(0, 20), [0]),
  ),
];
