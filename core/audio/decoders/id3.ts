import { hasAscii } from './byte-reader.ts';

/** Length in bytes of the ID3v2 tag at `offset`, or 0 when none is there (ID3v2.4, section 3.1). */
function id3v2Length(bytes: Uint8Array, offset = 0): number {
  if (!hasAscii(bytes, offset, 'ID3') || offset + 10 > bytes.length) return 0;
  const size = [6, 7, 8, 9].reduce((sum, i) => sum * 128 + ((bytes[offset + i] ?? 0) & 0x7f), 0);
  const footer = (bytes[offset + 5] ?? 0) & 0x10 ? 10 : 0;
  return 10 + size + footer;
}

/** First byte after all leading ID3v2 tags. */
export function skipId3v2(bytes: Uint8Array): number {
  let offset = 0;
  for (;;) {
    const length = id3v2Length(bytes, offset);
    if (length === 0) return offset;
    offset += length;
  }
}
