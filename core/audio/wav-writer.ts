import type { Control } from '../engines/engine.ts';
import { createPace } from '../engines/pace.ts';
import type { Audio } from './audio.ts';
import { concatenate } from './bytes.ts';
import type { Sound } from './sound.ts';
import { type AudioTags, softwareName } from './tags.ts';

export type WavFormat = 'wav16' | 'wav24' | 'wav32f';

const bytesPerSample = { wav16: 2, wav24: 3, wav32f: 4 } as const;
const headerBytes = 12;

/** Writes a mono WAV file with a LIST/INFO chunk (tags in UTF-8) before the data. */
export function writeWav({ samples, sampleRate }: Audio, format: WavFormat, tags: AudioTags = {}): Uint8Array {
  const dataBytes = samples.length * bytesPerSample[format];
  return concatenate([
    header(sampleRate, dataBytes, format, tags),
    encodeSamples(samples, format),
    new Uint8Array(dataBytes & 1),
  ]);
}

/** The same for sound that is not in memory, part by part. */
export async function* writeWavParts(
  { sampleRate, length, pieces }: Sound,
  format: WavFormat,
  tags: AudioTags = {},
  control: Control = {},
): AsyncGenerator<Uint8Array> {
  const pace = createPace({ encode: 1 }, control);
  const width = bytesPerSample[format];
  const dataBytes = length * width;
  yield header(sampleRate, dataBytes, format, tags);
  let written = 0;
  for await (const piece of pieces()) {
    await pace('encode', written / length);
    yield encodeSamples(piece, format);
    written += piece.length;
  }
  if (dataBytes & 1) yield new Uint8Array(1);
}

/** All that stands before the samples. */
function header(sampleRate: number, dataBytes: number, format: WavFormat, tags: AudioTags): Uint8Array {
  const formatChunk = chunk('fmt ', formatBody(sampleRate, bytesPerSample[format], format === 'wav32f'));
  const infoChunk = chunk('LIST', infoBody(tags));
  const dataOffset = headerBytes + formatChunk.length + infoChunk.length + 8;
  const bytes = new Uint8Array(dataOffset);
  const view = new DataView(bytes.buffer);
  const text = new TextEncoder();
  bytes.set(text.encode('RIFF'), 0);
  view.setUint32(4, dataOffset + dataBytes + (dataBytes & 1) - 8, true);
  bytes.set(text.encode('WAVE'), 8);
  bytes.set(formatChunk, headerBytes);
  bytes.set(infoChunk, headerBytes + formatChunk.length);
  bytes.set(text.encode('data'), dataOffset - 8);
  view.setUint32(dataOffset - 4, dataBytes, true);
  return bytes;
}

/** The nearest integer of `bits` bits, clipped at full scale. */
export function quantize(sample: number, bits: number): number {
  const scale = 2 ** (bits - 1);
  return Math.max(-scale, Math.min(scale - 1, Math.round(sample * scale)));
}

function encodeSamples(samples: Float32Array, format: WavFormat): Uint8Array {
  const bytes = new Uint8Array(samples.length * bytesPerSample[format]);
  const view = new DataView(bytes.buffer);
  let offset = 0;
  for (let i = 0; i < samples.length; i++) {
    const sample = samples[i] ?? 0;
    if (format === 'wav16') {
      view.setInt16(offset, quantize(sample, 16), true);
      offset += 2;
    } else if (format === 'wav24') {
      const value = quantize(sample, 24);
      view.setUint8(offset, value & 0xff);
      view.setInt16(offset + 1, value >> 8, true);
      offset += 3;
    } else {
      view.setFloat32(offset, sample, true);
      offset += 4;
    }
  }
  return bytes;
}

function formatBody(sampleRate: number, width: number, float: boolean): Uint8Array {
  const body = new Uint8Array(16);
  const view = new DataView(body.buffer);
  view.setUint16(0, float ? 3 : 1, true);
  view.setUint16(2, 1, true);
  view.setUint32(4, sampleRate, true);
  view.setUint32(8, sampleRate * width, true);
  view.setUint16(12, width, true);
  view.setUint16(14, width * 8, true);
  return body;
}

/** LIST/INFO fields by their four letters: name, artist, comment, creation date, software. */
function infoBody(tags: AudioTags): Uint8Array {
  const text = new TextEncoder();
  const fields: readonly (readonly [string, string | undefined])[] = [
    ['INAM', tags.title],
    ['IART', tags.artist],
    ['ICMT', tags.comment],
    ['ICRD', tags.date],
    ['ISFT', softwareName],
  ];
  const parts = fields.flatMap(([id, value]) => (value ? [chunk(id, text.encode(`${value}\0`))] : []));
  return concatenate([text.encode('INFO'), ...parts]);
}

function chunk(id: string, body: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(8 + body.length + (body.length & 1));
  bytes.set(new TextEncoder().encode(id), 0);
  new DataView(bytes.buffer).setUint32(4, body.length, true);
  bytes.set(body, 8);
  return bytes;
}
