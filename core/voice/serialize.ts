import { InputError } from '../errors.ts';
import type { Feature, VoiceProfile } from './profile.ts';

/**
 * A voice as bytes, the same in every host:
 *
 *   offset  0   "GIONGVCE"             8 bytes, ASCII
 *           8   version                u32
 *          12   length of the header   u32, bytes
 *          16   checksum               u32, CRC-32 of all that follows
 *          20   header                 JSON in UTF-8: speech seconds, and each feature's name and dims
 *           …   zeros up to a multiple of 4
 *           …   features               f32, in the header's order
 *
 * All numbers are little-endian.
 */
const MAGIC = 'GIONGVCE';
const VERSION = 1;
const PROLOGUE = 20;
/** Bounds that no real voice comes near; what exceeds them is not read. */
const MOST_FEATURES = 256;
const MOST_DIMENSIONS = 4;

interface Header {
  readonly speechSeconds: number;
  readonly features: readonly FeatureHeader[];
}

interface FeatureHeader {
  readonly engine: string;
  readonly name: string;
  readonly dims: readonly number[];
}

/** The voice as bytes that `parseVoice` reads. */
export function serializeVoice(profile: VoiceProfile): Uint8Array<ArrayBuffer> {
  const entries = Object.entries(profile.engines).flatMap(([engine, features]) =>
    Object.entries(features).map(([name, feature]) => ({ engine, name, feature })),
  );
  const header: Header = {
    speechSeconds: profile.speechSeconds,
    features: entries.map(({ engine, name, feature }) => ({ engine, name, dims: feature.dims })),
  };
  const json = new TextEncoder().encode(JSON.stringify(header));
  const dataBegin = padded(PROLOGUE + json.length);
  const values = entries.reduce((sum, { feature }) => sum + feature.data.length, 0);
  const bytes = new Uint8Array(dataBegin + 4 * values);
  const view = new DataView(bytes.buffer);
  bytes.set(new TextEncoder().encode(MAGIC));
  view.setUint32(8, VERSION, true);
  view.setUint32(12, json.length, true);
  bytes.set(json, PROLOGUE);
  let at = dataBegin;
  for (const { feature } of entries) {
    for (const value of feature.data) {
      view.setFloat32(at, value, true);
      at += 4;
    }
  }
  view.setUint32(16, crc32(bytes.subarray(PROLOGUE)), true);
  return bytes;
}

/** Whether the bytes begin as a stored voice does; they may be damaged all the same. */
export function isVoice(bytes: Uint8Array): boolean {
  return ascii(bytes.subarray(0, MAGIC.length)) === MAGIC;
}

/** The voice that `serializeVoice` wrote. Throws `InputError('voice-corrupt' | 'voice-version-unknown')`. */
export function parseVoice(bytes: Uint8Array): VoiceProfile {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < PROLOGUE || !isVoice(bytes)) throw corrupt('magic');
  const version = view.getUint32(8, true);
  if (version !== VERSION) throw new InputError('voice-version-unknown', { version, supported: VERSION });
  const headerLength = view.getUint32(12, true);
  if (headerLength > bytes.length - PROLOGUE) throw corrupt('length');
  if (view.getUint32(16, true) !== crc32(bytes.subarray(PROLOGUE))) throw corrupt('checksum');
  const header = parseHeader(bytes.subarray(PROLOGUE, PROLOGUE + headerLength));

  const engines: Record<string, Record<string, Feature>> = {};
  let at = padded(PROLOGUE + headerLength);
  for (const { engine, name, dims } of header.features) {
    const length = dims.reduce((product, size) => product * size, 1);
    if (length > (bytes.length - at) / 4) throw corrupt('length');
    const data = new Float32Array(length);
    for (let i = 0; i < length; i++) data[i] = view.getFloat32(at + 4 * i, true);
    at += 4 * length;
    engines[engine] = { ...engines[engine], [name]: { dims, data } };
  }
  if (at !== bytes.length) throw corrupt('length');
  return { speechSeconds: header.speechSeconds, engines };
}

function parseHeader(bytes: Uint8Array): Header {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw corrupt('header', cause);
  }
  if (!isHeader(value)) throw corrupt('header');
  return value;
}

function isHeader(value: unknown): value is Header {
  if (typeof value !== 'object' || value === null) return false;
  const { speechSeconds, features }: Partial<Record<keyof Header, unknown>> = value;
  const secondsFit = typeof speechSeconds === 'number' && Number.isFinite(speechSeconds) && speechSeconds >= 0;
  return secondsFit && Array.isArray(features) && features.length <= MOST_FEATURES && features.every(isFeatureHeader);
}

function isFeatureHeader(value: unknown): value is FeatureHeader {
  if (typeof value !== 'object' || value === null) return false;
  const { engine, name, dims }: Partial<Record<keyof FeatureHeader, unknown>> = value;
  const isName = (text: unknown) => typeof text === 'string' && /^[A-Za-z][\w-]{0,63}$/.test(text);
  const isSize = (size: unknown) => typeof size === 'number' && Number.isInteger(size) && size >= 0;
  return isName(engine) && isName(name) && Array.isArray(dims) && dims.length <= MOST_DIMENSIONS && dims.every(isSize);
}

function corrupt(part: string, cause?: unknown): InputError {
  return new InputError('voice-corrupt', { part }, { cause });
}

function padded(length: number): number {
  return (length + 3) & ~3;
}

function ascii(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}

/** CRC-32 (ISO 3309, the one of zip and PNG) of each byte value. */
const crcTable = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  return crc;
});

function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (crc >>> 8) ^ (crcTable[(crc ^ byte) & 255] as number);
  return (crc ^ 0xffffffff) >>> 0;
}
