import { concatenate } from '../bytes.ts';
import { hasAscii, viewOf } from './byte-reader.ts';

/** A page of an Ogg file (RFC 3533, section 6). */
interface OggPage {
  readonly serial: number;
  /** Position of the last packet that ends here; −1: none does. */
  readonly position: number;
  /** It begins its logical stream. */
  readonly first: boolean;
  /** It ends its logical stream. */
  readonly last: boolean;
  /** Begins with the rest of a packet. */
  readonly continued: boolean;
  /** Lengths of the segments, of which 255 means that the packet goes on. */
  readonly segments: Uint8Array;
  readonly body: number;
}

/** Pages up to the end of the file, or to where none stands; `whole` is called when the file ends with a page. */
function* pagesIn(bytes: Uint8Array, whole: () => void = () => {}): Generator<OggPage> {
  const view = viewOf(bytes);
  let offset = 0;
  while (offset < bytes.length) {
    if (!hasAscii(bytes, offset, 'OggS') || offset + 27 > bytes.length) return;
    const body = offset + 27 + (bytes[offset + 26] ?? 0);
    const segments = bytes.subarray(offset + 27, body);
    const end = segments.reduce((sum, length) => sum + length, body);
    if (end > bytes.length) return;
    const flags = bytes[offset + 5] ?? 0;
    yield {
      serial: view.getUint32(offset + 14, true),
      position: Number(view.getBigInt64(offset + 6, true)),
      first: (flags & 2) !== 0,
      last: (flags & 4) !== 0,
      continued: (flags & 1) !== 0,
      segments,
      body,
    };
    offset = end;
  }
  whole();
}

/** What the pages of the first logical stream tell of its length. */
export interface OggLength {
  /** Position of the first page with sound, and of the last page. */
  readonly firstPosition: number | undefined;
  readonly lastPosition: number | undefined;
  /** The file ends, or becomes something else, before the stream does; or another stream follows, which would be lost. */
  readonly cut: boolean;
}

export function measureOgg(bytes: Uint8Array): OggLength {
  const serial = serialOf(bytes);
  let firstPosition: number | undefined;
  let lastPosition: number | undefined;
  let ended = false;
  let whole = false;
  let chained = false;
  const atEnd = () => {
    whole = true;
  };
  for (const page of pagesIn(bytes, atEnd)) {
    if (page.serial !== serial) {
      // Streams that run side by side all begin before the first one has sound: this one follows it.
      if (page.first && lastPosition) chained = true;
      continue;
    }
    ended = page.last;
    if (page.position < 0) continue;
    lastPosition = page.position;
    if (page.position > 0) firstPosition ??= page.position;
  }
  return { firstPosition, lastPosition, cut: chained || (!ended && !whole) };
}

/** Packets of the first logical stream. May be iterated again and again. */
export function oggPackets(bytes: Uint8Array): Iterable<Uint8Array> {
  return { [Symbol.iterator]: () => packetsOf(bytes, serialOf(bytes)) };
}

function* packetsOf(bytes: Uint8Array, serial: number): Generator<Uint8Array> {
  /** What earlier pages had of a packet. */
  let begun: Uint8Array[] = [];
  for (const page of pagesIn(bytes)) {
    if (page.serial !== serial) continue;
    if (!page.continued) begun = [];
    let start = page.body;
    let end = start;
    for (const length of page.segments) {
      end += length;
      if (length === 255) continue;
      const part = bytes.subarray(start, end);
      yield begun.length > 0 ? concatenate([...begun, part]) : part;
      begun = [];
      start = end;
    }
    if (end > start) begun.push(bytes.subarray(start, end));
  }
}

function serialOf(bytes: Uint8Array): number {
  return bytes.length >= 18 ? viewOf(bytes).getUint32(14, true) : 0;
}
