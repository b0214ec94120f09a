import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import type { Audio } from '#core/audio/audio.ts';
import { type ConvertOptions, defaultOptions, type Engine } from '#core/engines/engine.ts';
import { CancelledError, InputError } from '#core/errors.ts';
import type { Host } from '#core/host.ts';
import { loadKernels } from '#core/kernels/module.ts';
import { resample } from '#core/kernels/resample.ts';
import type { VoiceProfile } from '#core/voice/profile.ts';
import { parseVoice, serializeVoice } from '#core/voice/serialize.ts';
import { readSample } from './samples.ts';
import { glide, noise, snrDecibels } from './signals.ts';
import { createMeasure, type SpeechMeasures, spectralDistance } from './speech-measures.ts';

export interface EngineSuiteOptions {
  readonly createHost: () => Promise<Host>;
  readonly createEngine: (host: Host) => Promise<Engine>;
  /** Seconds of the longest input. */
  readonly longSeconds: number;
}

const rate = 16000;

/** What every engine keeps to, on real speech of two speakers: a woman's sentence and a man's voice. */
export function engineSuite(id: string, { createHost, createEngine, longSeconds }: EngineSuiteOptions): void {
  describe(`engine ${id}`, () => {
    let engine: Engine;
    let source: Audio;
    let reference: Audio;
    let voice: VoiceProfile;
    let measure: (audio: Audio) => Promise<SpeechMeasures>;
    let atRate: (audio: Audio, sampleRate: number) => Audio;

    beforeAll(async () => {
      const host = await createHost();
      engine = await createEngine(host);
      measure = await createMeasure(host);
      const kernels = await loadKernels(host);
      atRate = (audio, sampleRate) => ({
        samples: resample(kernels, audio.samples, audio.sampleRate, sampleRate),
        sampleRate,
      });
      source = part(await readSample('recordings/english.flac'), 0, 4);
      reference = await readSample('voices/1688.flac');
      voice = await engine.profile([reference]);
    });

    afterAll(() => engine.dispose());

    const convert = (audio: Audio, options: Partial<ConvertOptions> = {}, control = {}) =>
      engine.convert(audio, voice, { ...defaultOptions, outputRate: audio.sampleRate, ...options }, control);

    test('has the id it is known by', () => {
      expect(engine.id).toBe(id);
      expect(Object.keys(voice.engines)).toEqual([id]);
    });

    for (const outputRate of [16000, 22050, 44100, 48000]) {
      test(`gives as many seconds as it got, at ${outputRate} Hz, finite and not clipped`, async () => {
        const result = await convert(source, { outputRate });
        expect(result.sampleRate).toBe(outputRate);
        expect(result.samples.length).toBe(Math.round((source.samples.length / rate) * outputRate));
        expectSound(result);
      });
    }

    for (const sampleRate of [8000, 11025, 44100, 96000]) {
      test(`takes ${sampleRate} Hz`, async () => {
        const audio = atRate(part(source, 0, 2), sampleRate);
        const result = await convert(audio, { outputRate: 24000 });
        expect(result.samples.length).toBe(Math.round((audio.samples.length / sampleRate) * 24000));
        expectSound(result);
      });
    }

    for (const length of [0, 1, 160, 3200]) {
      test(`takes ${length} samples`, async () => {
        const result = await convert({ samples: source.samples.subarray(16000, 16000 + length), sampleRate: rate });
        expect(result.samples.length).toBe(length);
        expectSound(result, { allowSilence: true });
      });
    }

    test(`takes ${longSeconds} seconds`, async () => {
      const samples = new Float32Array(longSeconds * rate);
      for (let at = 0; at < samples.length; at += source.samples.length) {
        samples.set(source.samples.subarray(0, samples.length - at), at);
      }
      const result = await convert({ samples, sampleRate: rate });
      expect(result.samples.length).toBe(samples.length);
      expectSound(result);
      const [whole, end] = [await measure(result), await measure(part(result, longSeconds - 4, longSeconds))];
      expect(spectralDistance(end.spectrum, whole.spectrum)).toBeLessThan(0.2);
    });

    test('gives silence back as silence, and keeps pauses silent', async () => {
      const silent = await convert({ samples: new Float32Array(rate), sampleRate: rate });
      expect(silent.samples.every((sample) => sample === 0)).toBe(true);
      const paused = { samples: new Float32Array(3 * rate), sampleRate: rate };
      paused.samples.set(source.samples.subarray(0, rate));
      const result = await convert(paused);
      expect(result.samples.subarray(rate + 2000).every((sample) => Math.abs(sample) < 1e-5)).toBe(true);
    });

    test('survives what is not speech', async () => {
      const inputs = [
        noise(rate),
        glide(rate, rate),
        source.samples.map((sample) => Math.max(-1, Math.min(1, 40 * sample))),
      ];
      for (const samples of [...inputs, source.samples.map((sample) => 1e-4 * sample)]) {
        expectSound(await convert({ samples: samples.slice(0, rate), sampleRate: rate }));
      }
    });

    test('gives the same bytes for the same seed, also with a voice that was stored', async () => {
      const short = part(source, 0, 1.5);
      const first = await convert(short, { seed: 7 });
      expect(await convert(short, { seed: 7 })).toEqual(first);
      const stored = parseVoice(serializeVoice(voice));
      const options = { ...defaultOptions, seed: 7, outputRate: rate };
      expect(await engine.convert(short, stored, options)).toEqual(first);
    });

    test('reports progress that grows and ends with exactly 1', async () => {
      for (const run of [
        (onProgress: (fraction: number) => void) => convert(source, { outputRate: 44100 }, { onProgress }),
        (onProgress: (fraction: number) => void) => convert(part(source, 0, 0.2), {}, { onProgress }),
        (onProgress: (fraction: number) => void) => engine.profile([reference], { onProgress }),
      ]) {
        const seen: number[] = [];
        await run((fraction) => seen.push(fraction));
        expect(seen.at(-1)).toBe(1);
        expect(seen.filter((fraction) => fraction === 1).length).toBe(1);
        expect(seen.length).toBeGreaterThan(2);
        for (const [i, fraction] of seen.entries())
          expect(fraction).toBeGreaterThan(i === 0 ? -1e-9 : (seen[i - 1] ?? 0));
      }
    });

    test('stops when it is cancelled: before, at any stage, and by a message that arrives meanwhile', async () => {
      const before = new AbortController();
      before.abort();
      await expect(convert(source, {}, { signal: before.signal })).rejects.toBeInstanceOf(CancelledError);
      await expect(engine.profile([reference], { signal: before.signal })).rejects.toBeInstanceOf(CancelledError);
      for (const stage of [0.1, 0.5, 0.7, 0.9]) {
        const controller = new AbortController();
        const onProgress = (fraction: number) => {
          if (fraction >= stage) controller.abort();
        };
        const run = convert(source, {}, { signal: controller.signal, onProgress });
        await expect(run).rejects.toBeInstanceOf(CancelledError);
      }
      const later = new AbortController();
      const run = convert(repeated(source, 5), {}, { signal: later.signal });
      setTimeout(() => later.abort(), 0);
      await expect(run).rejects.toBeInstanceOf(CancelledError);
      expectSound(await convert(part(source, 0, 1)));
    });

    test('keeps its memory flat over many conversions', async () => {
      const short = part(source, 0, 0.5);
      const used = async (conversions: number) => {
        for (let i = 0; i < conversions; i++) await convert(short);
        Bun.gc(true);
        const { heapUsed, rss } = process.memoryUsage();
        return { heapUsed, rss };
      };
      // The first rounds fill what the runtime keeps for itself (compiled code, arenas); a leak would go on in the later ones.
      await used(40);
      const early = [await used(40), await used(40)];
      const late = [await used(40), await used(40)];
      const growth = (of: 'heapUsed' | 'rss') =>
        Math.min(...late.map((round) => round[of])) - Math.min(...early.map((round) => round[of]));
      // Objects, their buffers and all WebAssembly memory, exactly: one result more each time would be 2.5 MB.
      expect(growth('heapUsed')).toBeLessThan(1.5e6);
      // What native code takes is seen by the process's size alone, which moves by 25 MB as the allocator pleases.
      expect(growth('rss')).toBeLessThan(80e6);
    });

    test('gives the source back at strength 0', async () => {
      expect((await convert(source, { strength: 0 })).samples).toEqual(source.samples);
      const other = await convert(source, { strength: 0, outputRate: 32000 });
      expect(other.samples).toEqual(atRate(source, 32000).samples);
    });

    describe('sound', () => {
      let own: SpeechMeasures;
      let wanted: SpeechMeasures;
      let got: SpeechMeasures;
      beforeAll(async () => {
        [own, wanted, got] = [await measure(source), await measure(reference), await measure(await convert(source))];
      });

      test('has the pitch of the voice', () => {
        expect(Math.abs(Math.log(got.medianPitch / wanted.medianPitch))).toBeLessThan(0.06);
        expect(Math.abs(Math.log(own.medianPitch / wanted.medianPitch))).toBeGreaterThan(0.3);
      });

      test('has a spectrum nearer to the voice’s than to the source’s', () => {
        const distance = spectralDistance(got.spectrum, wanted.spectrum);
        expect(distance).toBeLessThan(0.6 * spectralDistance(got.spectrum, own.spectrum));
      });

      test('is as loud as the source', () => {
        expect(Math.abs(20 * Math.log10(got.level / own.level))).toBeLessThan(0.5);
      });

      test('goes half of the way at strength 0.5', async () => {
        const half = await measure(await convert(source, { strength: 0.5 }));
        const middle = Math.sqrt(own.medianPitch * wanted.medianPitch);
        expect(Math.abs(Math.log(half.medianPitch / middle))).toBeLessThan(0.1);
        const towards = (measures: SpeechMeasures) => spectralDistance(measures.spectrum, wanted.spectrum);
        expect(towards(half)).toBeLessThan(towards(own));
        expect(towards(half)).toBeGreaterThan(towards(got));
      });

      test('keeps its pitch, or moves by semitones, when asked', async () => {
        const kept = await measure(await convert(source, { pitch: 'keep' }));
        expect(Math.abs(Math.log(kept.medianPitch / own.medianPitch))).toBeLessThan(0.02);
        for (const semitones of [-7, 5]) {
          const moved = await measure(await convert(source, { pitch: semitones }));
          expect(Math.abs(12 * Math.log2(moved.medianPitch / own.medianPitch) - semitones)).toBeLessThan(0.7);
        }
      });

      test('moves its formants when asked, and not its pitch', async () => {
        const centre = ({ spectrum }: SpeechMeasures) => {
          const amplitudes = spectrum.map(Math.exp);
          const total = amplitudes.reduce((sum, value) => sum + value, 0);
          return amplitudes.reduce((sum, value, band) => sum + band * value, 0) / total;
        };
        const [up, down] = [
          await measure(await convert(source, { formant: 6 })),
          await measure(await convert(source, { formant: -6 })),
        ];
        expect(centre(up)).toBeGreaterThan(centre(got) + 0.5);
        expect(centre(down)).toBeLessThan(centre(got) - 0.5);
        expect(Math.abs(Math.log(up.medianPitch / got.medianPitch))).toBeLessThan(0.03);
      });
    });

    test('adds nothing above 8 kHz where the source has nothing there, and keeps what it has', async () => {
      const dull = atRate(part(source, 0, 2), 48000);
      const bright = { samples: dull.samples.slice(), sampleRate: 48000 };
      const hiss = noise(bright.samples.length).map(
        (value, i) => 0.02 * value * Math.cos((2 * Math.PI * 15000 * i) / 48000),
      );
      for (let i = 0; i < hiss.length; i++) bright.samples[i] = (bright.samples[i] ?? 0) + (hiss[i] ?? 0);
      const above = (audio: Audio) => {
        // What a resampling to 20 kHz takes away, clear of the crossover.
        const band = atRate(atRate(audio, 20000), 48000).samples;
        return audio.samples.reduce((sum, value, i) => sum + (value - (band[i] ?? 0)) ** 2, 0);
      };
      const [from, to] = [above(bright), above(await convert(bright))];
      expect(to).toBeGreaterThan(from / 50);
      expect(to).toBeLessThan(from * 5);
      expect(above(await convert(dull))).toBeLessThan(from / 100);
    });

    test('makes one voice of several references', async () => {
      const parts = [part(reference, 0, 6), atRate(part(reference, 6, 12), 44100)];
      const joined = await engine.profile(parts);
      expect(joined.speechSeconds).toBeGreaterThan(6);
      const result = await engine.convert(source, joined, { ...defaultOptions, outputRate: rate });
      const [got, wanted] = [await measure(result), await measure(reference)];
      expect(Math.abs(Math.log(got.medianPitch / wanted.medianPitch))).toBeLessThan(0.08);
    });

    test('refuses references without enough speech, each with its code', async () => {
      const speechless = [new Float32Array(2 * rate), noise(3 * rate).map((value) => 0.1 * value)];
      for (const samples of speechless) {
        expect(await codeOf(engine.profile([{ samples, sampleRate: rate }]))).toBe('reference-no-speech');
      }
      expect(await codeOf(engine.profile([part(reference, 1, 1.6)]))).toBe('reference-too-short');
    });

    test('refuses numbers that are none, and voices that it never saw', async () => {
      const broken = { samples: Float32Array.of(0, Number.NaN, 0), sampleRate: rate };
      expect(await codeOf(convert(broken))).toBe('audio-not-finite');
      expect(await codeOf(engine.profile([broken]))).toBe('audio-not-finite');
      const options = { ...defaultOptions, outputRate: rate };
      const other = { speechSeconds: 3, engines: {} };
      expect(await codeOf(engine.convert(source, other, options))).toBe('voice-engine-mismatch');
    });

    test('gives no two voices the same sound', async () => {
      const other = await engine.profile([await readSample('voices/3080.flac')]);
      const result = await engine.convert(source, other, { ...defaultOptions, outputRate: rate });
      expect(snrDecibels(result.samples, (await convert(source)).samples)).toBeLessThan(10);
    });
  });
}

function part({ samples, sampleRate }: Audio, fromSeconds: number, toSeconds: number): Audio {
  return { samples: samples.slice(fromSeconds * sampleRate, toSeconds * sampleRate), sampleRate };
}

function repeated({ samples, sampleRate }: Audio, times: number): Audio {
  return {
    samples: Float32Array.from({ length: times * samples.length }, (_, i) => samples[i % samples.length] ?? 0),
    sampleRate,
  };
}

function expectSound({ samples }: Audio, { allowSilence = false } = {}): void {
  let peak = 0;
  for (const sample of samples)
    peak = Number.isFinite(sample) ? Math.max(peak, Math.abs(sample)) : Number.POSITIVE_INFINITY;
  expect(peak).toBeLessThanOrEqual(0.981);
  if (!allowSilence) expect(peak).toBeGreaterThan(0);
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    if (error instanceof InputError) return error.code;
    throw error;
  }
  return 'none';
}
