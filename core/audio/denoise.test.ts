import { beforeAll, describe, expect, test } from 'bun:test';
import { join } from 'node:path';
import type { Kernels } from '#core/kernels/module.ts';
import { kernelsFor } from '../../tests/support/kernels.ts';
import type { Audio } from './audio.ts';
import { decodeAudio } from './decode.ts';
import { denoiseInPlace } from './denoise.ts';
import { snrDecibels } from './fixtures/compare.ts';
import { findSpeech } from './segments.ts';

let kernels: Kernels;
let clean: Audio;
let speech: Uint8Array;

beforeAll(async () => {
  kernels = await kernelsFor('simd');
  const file = join(import.meta.dir, '../../samples/recordings/english.flac');
  const { audio } = await decodeAudio(await Bun.file(file).bytes());
  clean = { samples: audio.samples.slice(0, 5 * audio.sampleRate), sampleRate: audio.sampleRate };
  speech = new Uint8Array(clean.samples.length);
  for (const { start, end } of findSpeech(clean)) speech.fill(1, start, end);
});

/** Gaussian noise, white or falling by 3 dB an octave, of −40 dB; Kellet's filter makes it pink. */
function noiseOf(kind: 'white' | 'pink', length: number): Float32Array {
  let state = 3;
  const uniform = () => {
    state = (state * 1103515245 + 12345) % 2 ** 31;
    return state / 2 ** 30 - 1;
  };
  let [slow, middle, fast] = [0, 0, 0];
  const noise = Float32Array.from({ length }, () => {
    const white = uniform() + uniform() + uniform() + uniform();
    if (kind === 'white') return white;
    slow = 0.99765 * slow + white * 0.099046;
    middle = 0.963 * middle + white * 0.2965164;
    fast = 0.57 * fast + white * 1.0526913;
    return slow + middle + fast + white * 0.1848;
  });
  const rms = Math.sqrt(noise.reduce((sum, sample) => sum + sample ** 2, 0) / length);
  return noise.map((sample) => (sample / rms) * 0.01);
}

const decibelsWhere = (samples: Float32Array, isSpeech: 0 | 1) => {
  let sum = 0;
  let count = 0;
  // The filter learns the noise in the first half second.
  for (let i = 8000; i < samples.length; i++) {
    if (speech[i] !== isSpeech) continue;
    sum += (samples[i] ?? 0) ** 2;
    count++;
  }
  return 10 * Math.log10(sum / count);
};

function correlation(a: Float32Array, b: Float32Array): number {
  let [ab, aa, bb] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    if (!speech[i]) continue;
    ab += (a[i] ?? 0) * (b[i] ?? 0);
    aa += (a[i] ?? 0) ** 2;
    bb += (b[i] ?? 0) ** 2;
  }
  return ab / Math.sqrt(aa * bb);
}

for (const kind of ['white', 'pink'] as const) {
  test(`${kind} noise sinks by more than 12 dB in pauses, speech stays`, async () => {
    const noise = noiseOf(kind, clean.samples.length);
    const noisy = clean.samples.map((sample, i) => sample + (noise[i] ?? 0));
    const result = { samples: noisy.slice(), sampleRate: clean.sampleRate };
    await denoiseInPlace(result, 1, kernels);
    expect(decibelsWhere(result.samples, 0)).toBeLessThan(decibelsWhere(noisy, 0) - 12);
    expect(Math.abs(decibelsWhere(result.samples, 1) - decibelsWhere(clean.samples, 1))).toBeLessThan(0.5);
    expect(correlation(result.samples, clean.samples)).toBeGreaterThan(0.98);
  });
}

describe('clean speech', () => {
  test('hardly changes', async () => {
    const result = { samples: clean.samples.slice(), sampleRate: clean.sampleRate };
    await denoiseInPlace(result, 1, kernels);
    expect(correlation(result.samples, clean.samples)).toBeGreaterThan(0.99);
    expect(Math.abs(decibelsWhere(result.samples, 1) - decibelsWhere(clean.samples, 1))).toBeLessThan(0.3);
  });

  test('does not change at all with amount 0', async () => {
    const result = { samples: clean.samples.slice(), sampleRate: clean.sampleRate };
    await denoiseInPlace(result, 0, kernels);
    expect(snrDecibels(result.samples, clean.samples)).toBe(Number.POSITIVE_INFINITY);
  });
});

test('half the amount is half the change', async () => {
  const run = async (amount: number) => {
    const samples = clean.samples.slice(0, 32000);
    await denoiseInPlace({ samples, sampleRate: 16000 }, amount, kernels);
    return samples;
  };
  const [half, full] = [await run(0.5), await run(1)];
  const expected = full.map((sample, i) => (sample + (clean.samples[i] ?? 0)) / 2);
  expect(snrDecibels(half, expected)).toBeGreaterThan(100);
});

test('works at any rate and length, and the same input gives the same output', async () => {
  for (const [sampleRate, length] of [
    [8000, 1],
    [44100, 7000],
    [48000, 481],
    [96000, 20000],
  ] as const) {
    const make = async () => {
      const samples = Float32Array.from({ length }, (_, i) => 0.1 * Math.sin(i / 9));
      await denoiseInPlace({ samples, sampleRate }, 1, kernels);
      return samples;
    };
    const once = await make();
    expect(once.every(Number.isFinite)).toBe(true);
    expect(await make()).toEqual(once);
  }
});

test('stops when it is cancelled', () => {
  const audio = { samples: clean.samples.slice(), sampleRate: clean.sampleRate };
  expect(denoiseInPlace(audio, 1, kernels, { signal: AbortSignal.abort() })).rejects.toMatchObject({
    code: 'cancelled',
  });
});
