import { expect, test } from 'bun:test';
import { decodeAudio } from './decode.ts';
import { encodeAudio, outputFormats } from './encode.ts';
import { snrDecibels } from './fixtures/compare.ts';
import { voiceLikeSignal } from './fixtures/signal.ts';

const audio = { samples: voiceLikeSignal(1, 44100), sampleRate: 44100 };

/** Signal-to-noise ratio in dB that each format keeps at least; FLAC and WAV by their resolution, MP3 as measured (26). */
const kept = { wav16: 80, wav24: 128, wav32f: Number.POSITIVE_INFINITY, flac: 80, mp3: 25 };

for (const format of outputFormats) {
  test(`${format}: what is written is read back, as long and at the same place`, async () => {
    const { audio: back, info } = await decodeAudio(await encodeAudio(audio, { format }));
    expect(info).toMatchObject({ channels: 1, sampleRate: 44100, seconds: 1 });
    expect(snrDecibels(back.samples, audio.samples)).toBeGreaterThanOrEqual(kept[format]);
  });

  test(`${format}: the same sound gives the same bytes, and its tags are inside as UTF-8`, async () => {
    const tags = { title: 'Bản thử', artist: 'Giọng nữ 1', comment: 'mini · seed 0', date: '2026-01-31' };
    const bytes = await encodeAudio(audio, { format, tags });
    expect(bytes).toEqual(await encodeAudio(audio, { format, tags }));
    const text = new TextDecoder().decode(bytes);
    for (const value of [...Object.values(tags), 'Giọng']) expect(text).toContain(value);
    const { audio: back } = await decodeAudio(bytes);
    expect(back.samples.length).toBe(audio.samples.length);
  });
}

test('FLAC keeps 16-bit sound bit by bit, at usual and unusual rates, of loud noise, silence, ramps and single samples', async () => {
  let state = 1;
  const noise = () => {
    state = (state * 1103515245 + 12345) % 2 ** 31;
    return Math.round((state / 2 ** 30 - 1) * 32767) / 32768;
  };
  const shapes: Record<string, Float32Array> = {
    noise: Float32Array.from({ length: 9001 }, noise),
    silence: new Float32Array(6000),
    extremes: Float32Array.from({ length: 6000 }, (_, i) => (i % 3 ? -1 : 32767 / 32768)),
    ramp: Float32Array.from({ length: 4097 + 1000 }, (_, i) => (i - 2048) / 32768),
    blockAndOne: Float32Array.from({ length: 4096 * 2 + 1 }, (_, i) => Math.round(1e4 * Math.sin(i / 50)) / 32768),
  };
  for (const [name, samples] of Object.entries(shapes)) {
    for (const sampleRate of [16000, 37000, 48000]) {
      const file = await encodeAudio({ samples, sampleRate }, { format: 'flac' });
      const { audio: back } = await decodeAudio(file);
      const wrong = samples.findIndex(
        (sample, i) => Math.round(sample * 32768) !== Math.round((back.samples[i] ?? 9) * 32768),
      );
      expect({ name, sampleRate: back.sampleRate, length: back.samples.length, wrong }).toEqual({
        name,
        sampleRate,
        length: samples.length,
        wrong: -1,
      });
    }
  }
});

test('FLAC makes a voice at least a third smaller than WAV', async () => {
  const wav = await encodeAudio(audio, { format: 'wav16' });
  const flac = await encodeAudio(audio, { format: 'flac' });
  expect(flac.length).toBeLessThan((wav.length * 2) / 3);
});

test('what is louder than full scale is clipped, not wrapped around', async () => {
  const loud = {
    samples: Float32Array.of(...new Array(2000).fill(1.5), ...new Array(2000).fill(-1.5)),
    sampleRate: 16000,
  };
  for (const format of ['wav16', 'wav24', 'flac'] as const) {
    const { audio: back } = await decodeAudio(await encodeAudio(loud, { format }));
    expect(back.samples[100]).toBeCloseTo(1, 3);
    expect(back.samples[3000]).toBeCloseTo(-1, 3);
  }
});

test('encoding stops when it is cancelled', () => {
  const cancelled = AbortSignal.abort();
  for (const format of ['flac', 'mp3'] as const) {
    expect(encodeAudio(audio, { format, signal: cancelled })).rejects.toMatchObject({ code: 'cancelled' });
  }
});
