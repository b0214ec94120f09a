import { bigEndian } from './byte-reader.ts';
import { type Box, boxesIn, findBox } from './mp4-boxes.ts';
import type { PacketTable } from './packet-track.ts';

export interface FragmentDefaults {
  readonly trackId: number;
  /** Size of samples whose size is not told, in bytes. */
  readonly sampleBytes: number;
}

/** Adds the samples of one fragment (`moof`) that are of the track; false when some lie beyond the file. */
export function addFragment(
  bytes: Uint8Array,
  fragment: Box,
  defaults: FragmentDefaults,
  packets: PacketTable,
): boolean {
  for (const track of boxesIn(bytes, fragment.start, fragment.end)) {
    const header = track.type === 'traf' ? findBox(bytes, track, 'tfhd') : undefined;
    if (!header || bigEndian(bytes, header.start + 4, 4) !== defaults.trackId) continue;
    const { base, sampleBytes } = readHeader(bytes, header, fragment.begin, defaults);
    let offset = base;
    for (const run of boxesIn(bytes, track.start, track.end)) {
      if (run.type !== 'trun') continue;
      const end = addRun(bytes, run, base, offset, sampleBytes, packets);
      if (end === undefined) return false;
      offset = end;
    }
  }
  return true;
}

/** `tfhd`: where offsets count from, and the size of samples; each only if its flag is set. */
function readHeader(
  bytes: Uint8Array,
  { start }: Box,
  fragmentBegin: number,
  defaults: FragmentDefaults,
): { base: number; sampleBytes: number } {
  const flags = bigEndian(bytes, start + 1, 3);
  let at = start + 8;
  const take = (flag: number, width: number): number | undefined => {
    if (!(flags & flag)) return undefined;
    at += width;
    return bigEndian(bytes, at - width, width);
  };
  const base = take(0x1, 8) ?? fragmentBegin;
  take(0x2, 4);
  take(0x8, 4);
  return { base, sampleBytes: take(0x10, 4) ?? defaults.sampleBytes };
}

/** `trun`: adds its samples and returns where they end, or undefined when they lie beyond the file. */
function addRun(
  bytes: Uint8Array,
  { start, end }: Box,
  base: number,
  follows: number,
  sampleBytes: number,
  packets: PacketTable,
): number | undefined {
  const flags = bigEndian(bytes, start + 1, 3);
  const count = bigEndian(bytes, start + 4, 4);
  const has = (flag: number) => (flags & flag ? 4 : 0);
  const relative = has(0x1) ? bigEndian(bytes, start + 8, 4) : undefined;
  // The offset is signed.
  let offset = relative === undefined ? follows : base + (relative | 0);
  const sizeAt = has(0x100);
  const perSample = has(0x100) + has(0x200) + has(0x400) + has(0x800);
  const first = start + 8 + has(0x1) + has(0x4);
  for (let i = 0; i < count; i++) {
    const entry = first + i * perSample;
    if (entry + perSample > end) return undefined;
    const size = has(0x200) ? bigEndian(bytes, entry + sizeAt, 4) : sampleBytes;
    if (!packets.add(offset, size)) return undefined;
    offset += size;
  }
  return offset;
}
