import { viewOf } from './byte-reader.ts';

const serial = 1;
const maxSegments = 255;
const maxPageBytes = maxSegments * 255;
const continued = 1;
const firstPage = 2;

/**
 * Packs packets of a codec into Ogg pages (RFC 3533), one packet a page, so that a decoder of Ogg files can read what came in
 * another container. Positions are not known and say so; headers have position 0.
 */
export function* oggPages(headers: readonly Uint8Array[], packets: Iterable<Uint8Array>): Generator<Uint8Array> {
  let sequence = 0;
  /** A packet that is too long for one page goes on on the next. */
  function* pagesOf(packet: Uint8Array, position: bigint): Generator<Uint8Array> {
    for (let start = 0; start <= packet.length; start += maxPageBytes) {
      const flags = sequence === 0 ? firstPage : start > 0 ? continued : 0;
      yield page(packet.subarray(start, start + maxPageBytes), position, sequence, flags);
      sequence++;
    }
  }
  for (const header of headers) yield* pagesOf(header, 0n);
  for (const packet of packets) yield* pagesOf(packet, -1n);
}

function page(body: Uint8Array, position: bigint, sequence: number, flags: number): Uint8Array {
  const segments = Math.min(maxSegments, Math.floor(body.length / 255) + 1);
  const bytes = new Uint8Array(27 + segments + body.length);
  const view = viewOf(bytes);
  bytes.set(new TextEncoder().encode('OggS'));
  bytes[5] = flags;
  view.setBigInt64(6, position, true);
  view.setUint32(14, serial, true);
  view.setUint32(18, sequence, true);
  bytes[26] = segments;
  bytes.fill(255, 27, 27 + segments);
  if (segments * 255 > body.length) bytes[26 + segments] = body.length % 255;
  bytes.set(body, 27 + segments);
  view.setUint32(22, checksum(bytes), true);
  return bytes;
}

/** CRC-32 with polynomial 0x04C11DB7, not reflected. */
const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte << 24;
  for (let i = 0; i < 8; i++) value = value & 0x80000000 ? (value << 1) ^ 0x04c11db7 : value << 1;
  return value;
});

function checksum(bytes: Uint8Array): number {
  let crc = 0;
  for (const byte of bytes) crc = (crc << 8) ^ (table[(crc >>> 24) ^ byte] ?? 0);
  return crc >>> 0;
}
