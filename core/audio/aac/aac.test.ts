import { describe, expect, test } from 'bun:test';
import { join } from 'node:path';
import { BitReader } from '../bit-reader.ts';
import { decodeAudio } from '../decode.ts';
import { snrDecibels } from '../fixtures/compare.ts';
import { CanonicalCode } from './canonical-code.ts';
import { scaleFactorCode, spectralBooks } from './codebooks.ts';
import { readAdtsHeader, readAudioSpecificConfig } from './config.ts';
import { InverseMdct } from './inverse-mdct.ts';

const fixture = (file: string) => Bun.file(join(import.meta.dir, '../fixtures', file)).bytes();

test('short windows, noise shaping and joint stereo decode as in ffmpeg, within 100 dB', async () => {
  const { audio } = await decodeAudio(await fixture('transient.m4a'));
  const { audio: reference } = await decodeAudio(await fixture('transient.flac'));
  expect(audio.samples.length).toBe(8000);
  expect(snrDecibels(audio.samples, reference.samples)).toBeGreaterThan(100);
});

describe('the inverse MDCT', () => {
  for (const size of [8, 128, 1024]) {
    test(`of ${size} coefficients is what its formula says`, () => {
      const input = Float32Array.from({ length: size }, (_, k) => Math.sin(k * k + 1));
      const out = new Float32Array(2 * size);
      new InverseMdct(size).transform(input, out);
      for (let n = 0; n < 2 * size; n += Math.ceil(size / 60)) {
        const exact = input.reduce(
          (sum, value, k) => sum + value * Math.cos((Math.PI / size) * (n + 0.5 + size / 2) * (k + 0.5)),
          0,
        );
        expect(out[n]).toBeCloseTo(exact / size, 6);
      }
    });
  }
});

describe('canonical codes', () => {
  test('are read as they are defined, short and long codewords alike', () => {
    // 0, 10, 11000000000 and 11000000001.
    const code = new CanonicalCode([1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 2], [7, 3, 5, 6]);
    const reader = new BitReader(Uint8Array.of(0b11000000, 0b00011000, 0b00000100, 0b00000000));
    expect(Array.from({ length: 4 }, () => code.read(reader))).toEqual([5, 6, 7, 7]);
    expect(() => code.read(new BitReader(Uint8Array.of(0b11100000, 0)))).toThrow('no such codeword');
  });

  test('of the standard have a codeword for every symbol, and a symbol for every sequence of bits', () => {
    const sizes = [121, 81, 81, 81, 81, 81, 81, 64, 64, 169, 169, 289];
    [scaleFactorCode, ...spectralBooks.map((book) => book.code)].forEach((code, i) => {
      const symbols = new Set<number>();
      const bytes = new Uint8Array(4);
      for (let pattern = 0; pattern < 2 ** 19; pattern += i === 0 ? 1 : 8) {
        bytes[0] = pattern >> 11;
        bytes[1] = pattern >> 3;
        bytes[2] = pattern << 5;
        symbols.add(code.read(new BitReader(bytes)));
      }
      expect([...symbols].toSorted((a, b) => a - b)).toEqual(
        Array.from({ length: sizes[i] ?? 0 }, (_, symbol) => symbol),
      );
    });
  });
});

describe('headers', () => {
  test('AudioSpecificConfig of AAC-LC, of another rate, and of HE-AAC, whose core has half the rate', () => {
    expect(readAudioSpecificConfig(Uint8Array.of(0x12, 0x10))).toEqual({ sampleRate: 44100, channels: 2 });
    expect(readAudioSpecificConfig(Uint8Array.of(0x14, 0x08))).toEqual({ sampleRate: 16000, channels: 1 });
    expect(readAudioSpecificConfig(Uint8Array.of(0x2b, 0x92, 0x08, 0x00))).toEqual({ sampleRate: 22050, channels: 2 });
  });

  test('other kinds of AAC are refused', () => {
    expect(() => readAudioSpecificConfig(Uint8Array.of(0x0a, 0x10))).toThrow('audio-format-unknown');
    expect(() => readAudioSpecificConfig(Uint8Array.of(0x12, 0x14))).toThrow('audio-format-unknown');
  });

  test('ADTS', async () => {
    const bytes = await fixture('stream.aac');
    const first = readAdtsHeader(bytes, 0);
    expect(first).toMatchObject({ sampleRate: 44100, channels: 2, headerBytes: 7 });
    expect(readAdtsHeader(bytes, first?.frameBytes ?? 1)).toBeDefined();
    expect(readAdtsHeader(bytes, 1)).toBeUndefined();
  });
});

test('bits beyond the end cannot be read', () => {
  const reader = new BitReader(Uint8Array.of(0xab, 0xcd));
  expect(reader.read(12)).toBe(0xabc);
  expect(reader.peek(8)).toBe(0xd0);
  expect(() => reader.read(5)).toThrow(RangeError);
});
