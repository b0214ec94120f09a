import { InputError } from '../errors.ts';
import type { ByteSource } from './byte-source.ts';
import { viewOf } from './decoders/byte-reader.ts';
import type { PcmStream } from './decoders/pcm-stream.ts';

/** How a WAV file stores its samples. */
interface WavLayout {
  readonly sampleRate: number;
  readonly channels: number;
  readonly encoding: 'integer' | 'float' | 'alaw' | 'mulaw';
  readonly bytesPerSample: number;
  /** Bytes of one frame: all channels of one moment. */
  readonly frameBytes: number;
}

const formatTags: Readonly<Record<number, WavLayout['encoding']>> = { 1: 'integer', 3: 'float', 6: 'alaw', 7: 'mulaw' };
const extensibleTag = 0xfffe;
const chunkFrames = 16384;
/** A chunk's header, and as much of its body as is looked at. */
const longestChunkHead = 34;

/**
 * Opens a WAV, RF64 or BW64 file (EBU Tech 3306): integer PCM of 8, 16, 24 and 32 bit, float of 32 and 64 bit, A-law and µ-law.
 * A `data` chunk that states more than the file holds, or 0 or 0xFFFFFFFF (a recorder that streamed or crashed), reads to the
 * end of the file if its stated length is one of these two, else `claimedFrames` tells the stated length.
 * Throws `InputError('audio-corrupt')` where the header makes no sense.
 */
export async function openWav(file: ByteSource): Promise<PcmStream> {
  const { layout, dataOffset, statedBytes } = await readChunks(file);
  const present = file.size - dataOffset;
  const open = statedBytes === 0 || statedBytes === 0xffffffff;
  const dataBytes = open ? present : Math.min(statedBytes, present);
  const frames = Math.floor(dataBytes / layout.frameBytes);
  return {
    format: 'wav',
    sampleRate: layout.sampleRate,
    channels: layout.channels,
    claimedFrames: open ? frames : Math.floor(statedBytes / layout.frameBytes),
    async *chunks() {
      const channels = Array.from({ length: layout.channels }, () => new Float32Array(Math.min(chunkFrames, frames)));
      for (let first = 0; first < frames; first += chunkFrames) {
        const count = Math.min(chunkFrames, frames - first);
        const start = dataOffset + first * layout.frameBytes;
        const bytes = await file.read(start, start + count * layout.frameBytes);
        readFramesInto(channels, viewOf(bytes), count, layout);
        yield count === chunkFrames ? channels : channels.map((channel) => channel.subarray(0, count));
      }
    },
  };
}

/** Walks the RIFF chunks up to `data`. */
async function readChunks(file: ByteSource): Promise<{ layout: WavLayout; dataOffset: number; statedBytes: number }> {
  let layout: WavLayout | undefined;
  let longDataBytes: number | undefined;
  for (let offset = 12; offset + 8 <= file.size; ) {
    const view = viewOf(await file.read(offset, offset + longestChunkHead));
    const id = fourCharacters(view, 0);
    const size = view.getUint32(4, true);
    if (id === 'ds64' && view.byteLength >= 24) longDataBytes = Number(view.getBigUint64(16, true));
    if (id === 'fmt ') layout = readLayout(view, 8, size);
    if (id === 'data') {
      if (!layout) throw new InputError('audio-corrupt', { reason: 'wav-no-format' });
      return { layout, dataOffset: offset + 8, statedBytes: size === 0xffffffff ? (longDataBytes ?? size) : size };
    }
    // Chunks are padded to even lengths.
    offset += 8 + size + (size & 1);
  }
  throw new InputError('audio-corrupt', { reason: 'wav-no-data' });
}

function readLayout(view: DataView, offset: number, size: number): WavLayout {
  if (size < 16 || offset + Math.min(size, 26) > view.byteLength)
    throw new InputError('audio-corrupt', { reason: 'wav-format' });
  let tag = view.getUint16(offset, true);
  const channels = view.getUint16(offset + 2, true);
  const sampleRate = view.getUint32(offset + 4, true);
  const bits = view.getUint16(offset + 14, true);
  // WAVEFORMATEXTENSIBLE keeps the real tag in the first two bytes of its GUID.
  if (tag === extensibleTag && size >= 26) tag = view.getUint16(offset + 24, true);

  const encoding = formatTags[tag];
  const bytesPerSample = Math.ceil(bits / 8);
  const known =
    (encoding === 'integer' && bytesPerSample >= 1 && bytesPerSample <= 4) ||
    (encoding === 'float' && (bits === 32 || bits === 64)) ||
    ((encoding === 'alaw' || encoding === 'mulaw') && bits === 8);
  if (!encoding || !known) throw new InputError('audio-format-unknown', { wavTag: tag, bits });
  return { sampleRate, channels, encoding, bytesPerSample, frameBytes: Math.max(1, channels * bytesPerSample) };
}

function readFramesInto(channels: readonly Float32Array[], view: DataView, count: number, layout: WavLayout): void {
  const read = sampleReader(view, layout);
  channels.forEach((samples, channel) => {
    let position = channel * layout.bytesPerSample;
    for (let i = 0; i < count; i++, position += layout.frameBytes) samples[i] = read(position);
  });
}

/** A function that reads the sample at a byte position as −1..1. */
function sampleReader(view: DataView, { encoding, bytesPerSample }: WavLayout): (position: number) => number {
  if (encoding === 'alaw') return (position) => alawToLinear(view.getUint8(position));
  if (encoding === 'mulaw') return (position) => mulawToLinear(view.getUint8(position));
  if (encoding === 'float') {
    return bytesPerSample === 4
      ? (position) => view.getFloat32(position, true)
      : (position) => view.getFloat64(position, true);
  }
  switch (bytesPerSample) {
    case 1:
      return (position) => (view.getUint8(position) - 128) / 2 ** 7;
    case 2:
      return (position) => view.getInt16(position, true) / 2 ** 15;
    case 3:
      return (position) => (view.getUint8(position) | (view.getInt16(position + 1, true) << 8)) / 2 ** 23;
    default:
      return (position) => view.getInt32(position, true) / 2 ** 31;
  }
}

/** ITU-T G.711 A-law, scaled to −1..1. */
function alawToLinear(code: number): number {
  const value = code ^ 0x55;
  const exponent = (value >> 4) & 7;
  const mantissa = ((value & 15) << 4) + 8;
  const magnitude = exponent === 0 ? mantissa : (mantissa + 0x100) << (exponent - 1);
  return (value & 0x80 ? magnitude : -magnitude) / 2 ** 15;
}

/** ITU-T G.711 µ-law, scaled to −1..1. */
function mulawToLinear(code: number): number {
  const value = ~code & 0xff;
  const magnitude = ((((value & 15) << 3) + 0x84) << ((value >> 4) & 7)) - 0x84;
  return (value & 0x80 ? -magnitude : magnitude) / 2 ** 15;
}

function fourCharacters(view: DataView, offset: number): string {
  return String.fromCharCode(
    view.getUint8(offset),
    view.getUint8(offset + 1),
    view.getUint8(offset + 2),
    view.getUint8(offset + 3),
  );
}
