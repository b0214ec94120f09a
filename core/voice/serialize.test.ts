import { describe, expect, test } from 'bun:test';
import { InputError } from '../errors.ts';
import type { VoiceProfile } from './profile.ts';
import { parseVoice, serializeVoice } from './serialize.ts';

const profile: VoiceProfile = {
  speechSeconds: 12.5,
  engines: {
    mini: {
      E: { dims: [2, 3], data: Float32Array.of(1, -2, 3.5, 0, 1e-20, -0) },
      f0: { dims: [2], data: Float32Array.of(120, 0) },
    },
    other: { speaker: { dims: [1], data: Float32Array.of(0.25) } },
  },
};

/** A small generator of reproducible numbers (mulberry32). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

function errorOf(bytes: Uint8Array): InputError {
  try {
    parseVoice(bytes);
  } catch (error) {
    if (error instanceof InputError) return error;
    throw error;
  }
  throw new Error('parsed without complaint');
}

function envelopeOf({ engines: { mini = {} } }: VoiceProfile): Float32Array {
  return mini.E?.data ?? new Float32Array(0);
}

describe('a voice as bytes', () => {
  test('comes back as it was, names, shapes and every bit of the numbers', () => {
    const back = parseVoice(serializeVoice(profile));
    expect(back).toEqual(profile);
    expect(Object.is(envelopeOf(back)[5], -0)).toBe(true);
  });

  test('reads the same from the middle of a larger buffer, whatever the alignment', () => {
    const bytes = serializeVoice(profile);
    const larger = new Uint8Array(bytes.length + 7);
    larger.set(bytes, 5);
    expect(parseVoice(larger.subarray(5, 5 + bytes.length))).toEqual(profile);
  });

  test('keeps its layout: magic, version 1, known checksum', () => {
    const bytes = serializeVoice({
      speechSeconds: 1,
      engines: { mini: { f0: { dims: [1], data: Float32Array.of(1) } } },
    });
    const view = new DataView(bytes.buffer);
    expect(String.fromCharCode(...bytes.subarray(0, 8))).toBe('GIONGVCE');
    expect(view.getUint32(8, true)).toBe(1);
    expect(view.getFloat32(bytes.length - 4, true)).toBe(1);
    expect(view.getUint32(16, true)).toBe(Bun.hash.crc32(bytes.subarray(20)));
  });

  test('of a later version is refused as such', () => {
    const bytes = serializeVoice(profile);
    bytes[8] = 2;
    const error = errorOf(bytes);
    expect(error.code).toBe('voice-version-unknown');
    expect(error.details).toEqual({ version: 2, supported: 1 });
  });

  test('cut anywhere is refused', () => {
    const bytes = serializeVoice(profile);
    for (let length = 0; length < bytes.length; length++) {
      expect(errorOf(bytes.subarray(0, length)).code).toBe('voice-corrupt');
    }
  });

  test('with any bit flipped is refused', () => {
    const bytes = serializeVoice(profile);
    for (let bit = 0; bit < 8 * bytes.length; bit++) {
      const byte = bit >> 3;
      bytes[byte] = (bytes[byte] ?? 0) ^ (1 << (bit & 7));
      expect(['voice-corrupt', 'voice-version-unknown']).toContain(errorOf(bytes).code);
      bytes[byte] = (bytes[byte] ?? 0) ^ (1 << (bit & 7));
    }
  });

  test('replaced by noise behind a true prologue is refused', () => {
    const next = random(1);
    for (let round = 0; round < 200; round++) {
      const bytes = serializeVoice(profile);
      for (let i = 20; i < bytes.length; i++) if (next() < 0.2) bytes[i] = next() * 256;
      const checksum = Bun.hash.crc32(bytes.subarray(20));
      new DataView(bytes.buffer).setUint32(16, checksum, true);
      let parsed: VoiceProfile | undefined;
      try {
        parsed = parseVoice(bytes);
      } catch (error) {
        expect(error).toBeInstanceOf(InputError);
      }
      // Only where the noise left the header alone may it parse, with other numbers of the same shape.
      if (parsed) expect(envelopeOf(parsed).length).toBe(6);
    }
  });

  test('with longer data than its header says, or shorter, is refused', () => {
    for (const extra of [4, -4]) {
      const bytes = serializeVoice(profile);
      const other = new Uint8Array(bytes.length + extra);
      other.set(bytes.subarray(0, other.length));
      new DataView(other.buffer).setUint32(16, Bun.hash.crc32(other.subarray(20)), true);
      expect(errorOf(other).code).toBe('voice-corrupt');
    }
  });
});
