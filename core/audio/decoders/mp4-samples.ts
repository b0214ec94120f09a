import { bigEndian } from './byte-reader.ts';
import { type Box, findBox } from './mp4-boxes.ts';
import type { PacketTable } from './packet-track.ts';

/** Adds all samples of a sample table (`stsz`, `stsc`, `stco` or `co64`); false when some lie beyond the file. */
export function addSamples(bytes: Uint8Array, table: Box, packets: PacketTable): boolean {
  const sizes = findBox(bytes, table, 'stsz');
  const layout = findBox(bytes, table, 'stsc');
  const shortOffsets = findBox(bytes, table, 'stco');
  const offsets = shortOffsets ?? findBox(bytes, table, 'co64');
  if (!sizes || !layout || !offsets) return true;

  const commonSize = bigEndian(bytes, sizes.start + 4, 4);
  const sampleCount = bigEndian(bytes, sizes.start + 8, 4);
  const chunkCount = bigEndian(bytes, offsets.start + 4, 4);
  const offsetWidth = shortOffsets ? 4 : 8;
  const runs = readRuns(bytes, layout);
  let sample = 0;
  let run = 0;
  for (let chunk = 0; chunk < chunkCount && sample < sampleCount; chunk++) {
    while ((runs[run + 1]?.firstChunk ?? Number.POSITIVE_INFINITY) <= chunk) run++;
    let offset = bigEndian(bytes, offsets.start + 8 + chunk * offsetWidth, offsetWidth);
    const last = Math.min(sampleCount, sample + (runs[run]?.samplesPerChunk ?? 0));
    for (; sample < last; sample++) {
      const size = commonSize || bigEndian(bytes, sizes.start + 12 + sample * 4, 4);
      if (!packets.add(offset, size)) return false;
      offset += size;
    }
  }
  return true;
}

/** Chunks from `firstChunk` (counted from 0) on have this many samples each. */
interface Run {
  readonly firstChunk: number;
  readonly samplesPerChunk: number;
}

function readRuns(bytes: Uint8Array, layout: Box): Run[] {
  const fits = Math.floor((layout.end - layout.start - 8) / 12);
  const count = Math.max(0, Math.min(bigEndian(bytes, layout.start + 4, 4), fits));
  return Array.from({ length: count }, (_, i) => ({
    firstChunk: bigEndian(bytes, layout.start + 8 + i * 12, 4) - 1,
    samplesPerChunk: bigEndian(bytes, layout.start + 12 + i * 12, 4),
  }));
}
