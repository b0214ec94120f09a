import { beforeAll, describe, expect, test } from 'bun:test';
import { join } from 'node:path';
import { decodeAudio } from './audio/decode.ts';
import { snrDecibels } from './audio/fixtures/compare.ts';
import { voiceLikeSignal } from './audio/fixtures/signal.ts';
import { loudnessOf } from './audio/loudness.ts';
import { type Converter, createConverter, nearestOutputRate } from './convert.ts';
import type { Engine } from './engines/engine.ts';
import type { Host } from './host.ts';
import { loadKernels } from './kernels/module.ts';
import { resample } from './kernels/resample.ts';
import { parseOptions } from './options.ts';
import type { VoiceProfile } from './voice/profile.ts';

const host: Host = {
  runtime: { name: 'wasm', createSession: () => Promise.reject(new Error('no models here')) },
  loadModel: () => Promise.reject(new Error('no models here')),
  loadKernels: (build) => Bun.file(join(import.meta.dir, `../wasm/build/kernels.${build}.wasm`)).bytes(),
};

/** An engine that gives the source back three times as loud, at the rate that was asked for. */
async function createLouderEngine(): Promise<Engine> {
  const kernels = await loadKernels(host);
  return {
    id: 'louder',
    async profile(references, control) {
      control?.onProgress?.(1);
      const samples = references.reduce((sum, reference) => sum + reference.samples.length, 0);
      return { speechSeconds: samples, engines: { louder: {} } };
    },
    async convert(source, _voice, { outputRate }, control) {
      for (const fraction of [0.2, 0.1, 0.7, 1]) control?.onProgress?.(fraction);
      const samples = resample(kernels, source.samples, source.sampleRate, outputRate).map((sample) => sample * 3);
      return { samples, sampleRate: outputRate };
    },
    async dispose() {},
  };
}

const voice: VoiceProfile = { speechSeconds: 10, engines: {} };
const source = { samples: voiceLikeSignal(2, 44100).map((sample) => sample * 0.3), sampleRate: 44100 };
let converter: Converter;
let sample: Uint8Array;

beforeAll(async () => {
  converter = createConverter(host, { createEngine: createLouderEngine });
  sample = await Bun.file(join(import.meta.dir, 'audio/fixtures/xing.mp3')).bytes();
});

describe('a conversion', () => {
  test('takes a file, gives a file, as long and as loud as the source', async () => {
    const { audio, bytes, info } = await converter.convert({
      source: sample,
      voice,
      format: 'wav24',
      tags: { title: 'Thử' },
    });
    expect(info).toMatchObject({
      engine: 'mini',
      seconds: 1.2,
      source: { format: 'mp3', channels: 2, sampleRate: 44100 },
    });
    expect(Object.keys(info.timings)).toEqual(['decode', 'convert', 'level', 'encode']);
    expect(audio).toMatchObject({ sampleRate: 44100, samples: { length: 52920 } });

    const kernels = await loadKernels(host);
    const original = (await decodeAudio(sample)).audio;
    expect(Math.abs(loudnessOf(audio, kernels) - loudnessOf(original, kernels))).toBeLessThan(0.2);
    const written = (await decodeAudio(bytes ?? new Uint8Array(0))).audio;
    expect(snrDecibels(written.samples, audio.samples)).toBeGreaterThan(100);
  });

  test('takes decoded sound, which it leaves as it is, and encodes only when asked to', async () => {
    const before = source.samples.slice();
    const result = await converter.convert({ source, voice, options: parseOptions({ denoise: 1 }) });
    expect(source.samples).toEqual(before);
    expect(result.bytes).toBeUndefined();
    expect(result.info.source).toBeUndefined();
    expect(Object.keys(result.info.timings)).toEqual(['decode', 'denoise', 'convert', 'level']);
  });

  test('reports progress that grows through all stages and ends with 1, once', async () => {
    const seen: number[] = [];
    const options = parseOptions({ denoise: 0.5 });
    await converter.convert(
      { source: sample, voice, options, format: 'flac' },
      { onProgress: (fraction) => seen.push(fraction) },
    );
    expect(seen.length).toBeGreaterThan(5);
    expect(seen).toEqual([...new Set(seen)].toSorted((a, b) => a - b));
    expect(seen.filter((fraction) => fraction >= 1)).toEqual([1]);
    expect(seen.at(-1)).toBe(1);
  });

  test('gives the rate that was asked for, else the nearest to the source', async () => {
    const { audio } = await converter.convert({ source, voice, options: parseOptions({ outputRate: 16000 }) });
    expect(audio).toMatchObject({ sampleRate: 16000, samples: { length: 32000 } });
    expect([8000, 16000, 22050, 48000, 96000].map(nearestOutputRate)).toEqual([16000, 16000, 22050, 48000, 48000]);
  });

  test('of the same input gives the same bytes', async () => {
    const run = async () => (await converter.convert({ source: sample, voice, format: 'flac' })).bytes;
    expect(await run()).toEqual(await run());
  });

  test('stops at whatever stage it is cancelled', async () => {
    for (const after of [0, 0.05, 0.5, 0.9]) {
      const controller = new AbortController();
      const control = {
        signal: controller.signal,
        onProgress: (fraction: number) => fraction >= after && controller.abort(),
      };
      const options = parseOptions({ denoise: 1 });
      const run = converter.convert({ source: sample, voice, options, format: 'mp3' }, control);
      expect(run).rejects.toMatchObject({ code: 'cancelled' });
      await run.catch(() => {});
    }
  });

  test('refuses what cannot be converted', async () => {
    const refused = async (recording: Parameters<Converter['convert']>[0]['source']) =>
      converter.convert({ source: recording, voice }).then(
        () => 'accepted',
        (error) => error.code,
      );
    expect(await refused(new Uint8Array(0))).toBe('audio-empty');
    expect(await refused(new TextEncoder().encode('Not a recording.'))).toBe('audio-format-unknown');
    expect(await refused({ samples: new Float32Array(16000), sampleRate: 16000 })).toBe('audio-silent');
    expect(await refused({ samples: new Float32Array(0), sampleRate: 16000 })).toBe('audio-empty');
    expect(await refused({ samples: new Float32Array(10).fill(0.1), sampleRate: 16000 })).toBe('audio-too-short');
    expect(await refused({ samples: new Float32Array(9000).fill(Number.NaN), sampleRate: 16000 })).toBe(
      'audio-not-finite',
    );
    for (const sampleRate of [0, Number.NaN, 44100.5, 400000]) {
      expect(await refused({ samples: new Float32Array(9000).fill(0.1), sampleRate })).toBe('audio-rate-unsupported');
    }
  });
});

describe('a voice', () => {
  test('is made from files and sound alike, with progress that ends with 1', async () => {
    const seen: number[] = [];
    const profile = await converter.profile([sample, source], {}, { onProgress: (fraction) => seen.push(fraction) });
    expect(profile.speechSeconds).toBe(52920 + 88200);
    expect(seen.at(-1)).toBe(1);
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
  });

  test('is not made of silence', () => {
    const silence = { samples: new Float32Array(16000), sampleRate: 16000 };
    expect(converter.profile([source, silence])).rejects.toMatchObject({ code: 'audio-silent' });
  });
});

test('an engine that nobody knows is refused', async () => {
  const unknown = createConverter(host).convert({ source, voice, engine: 'no-such-engine' });
  expect(unknown).rejects.toMatchObject({ code: 'engine-unknown' });
  await unknown.catch(() => {});
});
