import { describe, expect, test } from 'bun:test';
import { join } from 'node:path';
import { kernelsFor } from '../../tests/support/kernels.ts';
import { checkAudible } from './checks.ts';
import { decodeAudio } from './decode.ts';
import { encodeAudio } from './encode.ts';
import { snrDecibels } from './fixtures/compare.ts';
import { rightGain, voiceLikeSignal } from './fixtures/signal.ts';
import { defaultLimits } from './limits.ts';

const fixture = (file: string): Promise<Uint8Array> => Bun.file(join(import.meta.dir, 'fixtures', file)).bytes();

interface Expected {
  readonly format: string;
  readonly channels: number;
  readonly sampleRate: number;
  /** Length of the recording; decoded: exactly that, plus `extra` samples where the format cannot tell its padding. */
  readonly seconds: number;
  readonly extra?: number;
  /** Samples by which the sound comes late where the format cannot tell its delay. */
  readonly lag?: number;
  /** Least SNR in dB against the signal: by resolution for PCM, about 1 dB under what was measured for the rest. */
  readonly snr: number;
}

const wav = { format: 'wav', channels: 1, sampleRate: 11025, seconds: 0.25 };
const lossy = { channels: 2, sampleRate: 44100, seconds: 1.2 };

const expectations: Readonly<Record<string, Expected>> = {
  'u8.wav': { ...wav, snr: 35 },
  's16.wav': { ...wav, snr: 83 },
  's24.wav': { ...wav, channels: 2, snr: 125 },
  's32.wav': { ...wav, snr: 140 },
  'f32.wav': { ...wav, channels: 2, snr: 140 },
  'f64.wav': { ...wav, snr: 140 },
  'alaw.wav': { ...wav, snr: 36 },
  'mulaw.wav': { ...wav, snr: 36 },
  'rf64.wav': { ...wav, snr: 83 },
  'xing.mp3': { ...lossy, format: 'mp3', snr: 25 },
  'plain.mp3': { ...lossy, format: 'mp3', snr: 23, lag: 1105, extra: 1224 },
  'low-rate.mp3': { ...lossy, format: 'mp3', channels: 1, sampleRate: 16000, snr: 25 },
  'lossless.flac': { format: 'flac', channels: 2, sampleRate: 16000, seconds: 0.5, snr: 125 },
  'lossless24.flac': { format: 'flac', channels: 1, sampleRate: 16000, seconds: 0.5, snr: 125 },
  'vorbis.ogg': { ...lossy, format: 'ogg', snr: 24 },
  'opus.ogg': { ...lossy, format: 'opus', sampleRate: 48000, lag: -2, snr: 24 },
  'recorder.m4a': { ...lossy, format: 'm4a', snr: 18 },
  'index-last.m4a': { ...lossy, format: 'm4a', snr: 15 },
  'fragmented.mp4': { ...lossy, format: 'm4a', snr: 15, lag: 1024, extra: 1352 },
  'stream.aac': { ...lossy, format: 'aac', snr: 18, lag: 1024, extra: 1352 },
  'browser.webm': { ...lossy, format: 'webm', sampleRate: 48000, lag: -2, snr: 24 },
  'live.webm': { ...lossy, format: 'webm', sampleRate: 48000, lag: -2, snr: 18 },
  'vorbis.webm': { ...lossy, format: 'webm', snr: 21, extra: 132 },
};

describe('every format is read by its content, mixed to mono, and sounds as it should', () => {
  for (const [file, expected] of Object.entries(expectations)) {
    test(file, async () => {
      const { audio, info } = await decodeAudio(await fixture(file));
      const { format, channels, sampleRate, seconds, extra = 0, lag = 0, snr } = expected;
      expect(info).toEqual({ format, channels, sampleRate, seconds: audio.samples.length / sampleRate } as typeof info);
      expect(audio.samples.length).toBe(Math.round(seconds * sampleRate) + extra);
      const mix = channels === 2 ? (1 + rightGain) / 2 : 1;
      const signal = voiceLikeSignal(seconds, sampleRate).map((sample) => sample * mix);
      expect(snrDecibels(audio.samples, signal, lag)).toBeGreaterThan(snr);
    });
  }
});

/** The code and details of the refusal. */
async function refusal(bytes: Uint8Array, limits = defaultLimits): Promise<string> {
  try {
    await decodeAudio(bytes, { limits });
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
  return 'accepted';
}

describe('a file that is no recording is refused with a reason', () => {
  const text = (value: string) => new TextEncoder().encode(value);

  test('nothing, and what only looks like audio by its name', async () => {
    expect(await refusal(new Uint8Array(0))).toBe('audio-empty');
    expect(await refusal(text('This is a text, whatever its name says.'))).toBe('audio-format-unknown');
    expect(await refusal(text('R'))).toBe('audio-format-unknown');
    expect(await refusal(text('RIFF....AVI LIST'))).toBe('audio-format-unknown');
    expect(await refusal(text('<!doctype html><title>404</title>'))).toBe('audio-format-unknown');
    expect(await refusal(new Uint8Array(4096))).toBe('audio-format-unknown');
  });

  test('headers alone', async () => {
    for (const file of Object.keys(expectations)) {
      for (const length of [4, 12, 30, 44]) {
        const code = await refusal((await fixture(file)).subarray(0, length));
        expect({ file, length, code }).toEqual({
          file,
          length,
          code: expect.stringMatching(/^audio-(corrupt|format-unknown|too-short)$/),
        });
      }
    }
  });

  test('files cut to 60 %, in every format', async () => {
    for (const file of Object.keys(expectations)) {
      const bytes = await fixture(file);
      const code = await refusal(bytes.subarray(0, Math.floor(bytes.length * 0.6)));
      expect({ file, code }).toEqual({ file, code: 'audio-corrupt' });
    }
  });

  test('random bytes after a valid beginning', async () => {
    for (const file of ['xing.mp3', 'lossless.flac', 'vorbis.ogg', 'opus.ogg']) {
      const bytes = (await fixture(file)).slice();
      for (let i = 400; i < bytes.length; i++) bytes[i] = (i * 7919 + (i >> 3) * 104729) & 255;
      expect({ file, code: await refusal(bytes) }).toEqual({ file, code: 'audio-corrupt' });
    }
  });
});

/** A WAV file of 16 bit whose header says what it is told to. */
function wavWith(
  header: { channels?: number; sampleRate?: number; dataBytes?: number; bits?: number; tag?: number },
  frames = 8000,
) {
  const { channels = 1, sampleRate = 16000, bits = 16, tag = 1 } = header;
  const bytes = new Uint8Array(44 + Math.ceil((frames * channels * bits) / 8));
  const view = new DataView(bytes.buffer);
  bytes.set(new TextEncoder().encode('RIFF....WAVEfmt '), 0);
  view.setUint32(16, 16, true);
  view.setUint16(20, tag, true);
  view.setUint16(22, channels, true);
  view.setUint32(24, sampleRate, true);
  view.setUint16(34, bits, true);
  bytes.set(new TextEncoder().encode('data'), 36);
  view.setUint32(40, header.dataBytes ?? bytes.length - 44, true);
  for (let i = 44; i < bytes.length; i++) bytes[i] = (i * 31) & 63;
  return bytes;
}

describe('limits', () => {
  test('one sample is too short, and so is half of the least', async () => {
    expect(await refusal(wavWith({}, 1))).toBe('audio-too-short');
    expect(await refusal(wavWith({}, 0))).toBe('audio-too-short');
    expect(await refusal(wavWith({}, 800))).toBe('audio-too-short');
    expect(await refusal(wavWith({}, 1600))).toBe('accepted');
  });

  test('rates outside 8 to 192 kHz, and none at all', async () => {
    for (const sampleRate of [0, 1, 4000, 7999, 192001, 4294967295]) {
      expect(await refusal(wavWith({ sampleRate }))).toBe('audio-rate-unsupported');
    }
    for (const sampleRate of [8000, 44100]) expect(await refusal(wavWith({ sampleRate }))).toBe('accepted');
    expect(await refusal(wavWith({ sampleRate: 192000 }, 20000))).toBe('accepted');
  });

  test('no channel, and more channels than can be', async () => {
    expect(await refusal(wavWith({ channels: 0 }))).toBe('audio-channels-unsupported');
    expect(await refusal(wavWith({ channels: 64 }))).toBe('audio-channels-unsupported');
    expect(await refusal(wavWith({ channels: 8 }))).toBe('accepted');
  });

  test('a length beyond the limit is refused by the header, before anything is decoded', async () => {
    const twoHours = wavWith({ dataBytes: 7200 * 32000 });
    expect(await refusal(twoHours)).toBe('audio-too-long');
    expect(await refusal(await fixture('lossless.flac'), { ...defaultLimits, maxSeconds: 0.4 })).toBe('audio-too-long');
  });

  test('a length beyond the limit is found while decoding when the header hides it', async () => {
    const silence = await encodeAudio(
      { samples: new Float32Array(16000 * 120), sampleRate: 16000 },
      { format: 'flac' },
    );
    expect(silence.length).toBeLessThan(10000);
    // STREAMINFO's count of samples set to 0: not known.
    silence.fill(0, 22, 26);
    silence[21] = (silence[21] ?? 0) & 0xf0;
    expect(await refusal(silence, { ...defaultLimits, maxSeconds: 60 })).toBe('audio-too-long');
    expect(await refusal(silence)).toBe('accepted');
  });

  test('more bytes than allowed', async () => {
    expect(await refusal(wavWith({}), { ...defaultLimits, maxBytes: 1000 })).toBe('audio-too-large');
  });

  test('a WAV file of an unknown sample type', async () => {
    expect(await refusal(wavWith({ tag: 85 }))).toBe('audio-format-unknown');
    expect(await refusal(wavWith({ bits: 40 }))).toBe('audio-format-unknown');
    expect(await refusal(wavWith({ bits: 0 }))).toBe('audio-format-unknown');
  });
});

describe('headers that lie', () => {
  test('a stream that never learnt its length (0 or all ones) is read to the end', async () => {
    for (const dataBytes of [0, 0xffffffff]) {
      const { audio } = await decodeAudio(wavWith({ dataBytes }));
      expect(audio.samples.length).toBe(8000);
    }
  });

  test('a promise of more than the file holds means that it was cut, unless almost nothing is missing', async () => {
    expect(await refusal(wavWith({ dataBytes: 24000 }))).toBe('audio-corrupt');
    expect(await refusal(wavWith({ dataBytes: 16020 }))).toBe('accepted');
  });

  test('half a sample at the end is left out', async () => {
    const bytes = wavWith({ dataBytes: 15999 });
    expect((await decodeAudio(bytes.subarray(0, bytes.length - 1))).audio.samples.length).toBe(7999);
  });

  test('a chunk that claims to reach beyond the file ends the search', async () => {
    const bytes = wavWith({});
    bytes.set(new TextEncoder().encode('LIST'), 36);
    expect(await refusal(bytes)).toBe('audio-corrupt');
  });
});

describe('sound that cannot be used', () => {
  test('values that are not finite', async () => {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY]) {
      const samples = new Float32Array(16000).fill(0.1);
      samples[12345] = value;
      expect(await refusal(await encodeAudio({ samples, sampleRate: 16000 }, { format: 'wav32f' }))).toBe(
        'audio-not-finite',
      );
    }
  });

  test('silence decodes, but is not audible', async () => {
    const { audio } = await decodeAudio(
      await encodeAudio({ samples: new Float32Array(16000), sampleRate: 16000 }, { format: 'wav16' }),
    );
    expect(() => checkAudible(audio)).toThrow('audio-silent');
    audio.samples[8000] = 0.001;
    expect(() => checkAudible(audio)).not.toThrow();
  });
});

test('a high rate is brought down while decoding, without a change in length or place', async () => {
  const bytes = await encodeAudio({ samples: voiceLikeSignal(0.5, 96000), sampleRate: 96000 }, { format: 'wav32f' });
  const highest = { sampleRate: 48000, kernels: await kernelsFor('simd') };
  const { audio, info } = await decodeAudio(bytes, { highest });
  expect(info).toMatchObject({ sampleRate: 96000, seconds: 0.5 });
  expect(audio).toMatchObject({ sampleRate: 48000, samples: { length: 24000 } });
  const middle = (samples: Float32Array) => samples.subarray(500, 23500);
  expect(snrDecibels(middle(audio.samples), middle(voiceLikeSignal(0.5, 48000)))).toBeGreaterThan(60);

  const low = await decodeAudio(await fixture('s16.wav'), { highest });
  expect(low.audio.sampleRate).toBe(11025);
});

test('decoding reports growing progress and stops when it is cancelled', async () => {
  const bytes = await encodeAudio({ samples: voiceLikeSignal(3, 16000), sampleRate: 16000 }, { format: 'flac' });
  const progress: number[] = [];
  await decodeAudio(bytes, { onProgress: (fraction) => progress.push(fraction) });
  expect(progress.length).toBeGreaterThan(5);
  expect(progress).toEqual(progress.toSorted((a, b) => a - b));
  expect(progress.at(-1)).toBeWithin(0.8, 1);
  expect(decodeAudio(bytes, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'cancelled' });
});
