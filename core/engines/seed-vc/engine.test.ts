import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { readSample } from '../../../tests/support/samples.ts';
import { createNarrowHost, type NarrowHost } from '../../../tests/support/seed-vc-host.ts';
import { snrDecibels } from '../../../tests/support/signals.ts';
import type { Audio } from '../../audio/audio.ts';
import { CancelledError, UnavailableError } from '../../errors.ts';
import type { VoiceProfile } from '../../voice/profile.ts';
import { parseVoice, serializeVoice } from '../../voice/serialize.ts';
import { type ConvertOptions, defaultOptions, type Engine } from '../engine.ts';
import { createEngine } from '../registry.ts';

/** Narrow models say nothing of how a conversion sounds; all else is as with the official ones. */

const rate = 16000;
const part = ({ samples, sampleRate }: Audio, from: number, to: number): Audio => ({
  samples: samples.slice(from * sampleRate, to * sampleRate),
  sampleRate,
});

for (const id of ['seed-vc-fast', 'seed-vc-base', 'seed-vc-hifi'] as const) {
  describe(`engine ${id}`, () => {
    let host: NarrowHost;
    let engine: Engine;
    let source: Audio;
    let reference: Audio;
    let voice: VoiceProfile;
    beforeAll(async () => {
      host = await createNarrowHost();
      engine = await createEngine(id, host);
      source = part(await readSample('recordings/english.flac'), 0, 1.5);
      reference = part(await readSample('voices/1688.flac'), 0, 3);
      voice = await engine.profile([reference]);
    });
    afterAll(() => engine.dispose());

    const convert = (audio: Audio, options: Partial<ConvertOptions> = {}, control = {}) =>
      engine.convert(audio, voice, { ...defaultOptions, outputRate: rate, diffusionSteps: 2, ...options }, control);

    test('gives as many seconds as it got, at any rate, finite and not clipped', async () => {
      for (const outputRate of [16000, 44100]) {
        const { samples, sampleRate } = await convert(source, { outputRate });
        expect(sampleRate).toBe(outputRate);
        expect(samples.length).toBe(1.5 * outputRate);
        expect(samples.every((sample) => Math.abs(sample) <= 0.981)).toBe(true);
        expect(samples.some((sample) => Math.abs(sample) > 1e-4)).toBe(true);
      }
    });

    test('takes very short sounds, and gives silence back as silence', async () => {
      for (const length of [0, 1, 160, 1000]) {
        const { samples } = await convert({ samples: source.samples.slice(8000, 8000 + length), sampleRate: rate });
        expect(samples.length).toBe(length);
        expect(samples.every(Number.isFinite)).toBe(true);
      }
      const silent = await convert({ samples: new Float32Array(rate), sampleRate: rate });
      expect(silent.samples.every((sample) => sample === 0)).toBe(true);
    });

    test('gives the same bytes for the same seed, and others for another', async () => {
      const first = await convert(source, { seed: 7 });
      expect(await convert(source, { seed: 7 })).toEqual(first);
      expect(snrDecibels((await convert(source, { seed: 8 })).samples, first.samples)).toBeLessThan(60);
    });

    test('needs the reference no more: a stored voice gives the same, and nothing of it is computed again', async () => {
      const before = { ...host.runs };
      const stored = parseVoice(serializeVoice(voice));
      const options = { ...defaultOptions, outputRate: rate, diffusionSteps: 2 };
      expect(await engine.convert(source, stored, options)).toEqual(await convert(source));
      const ran = (component: string) => (host.runs[component] ?? 0) - (before[component] ?? 0);
      expect(ran('campplus/network.onnx')).toBe(0);
      for (const component of ['encoder', 'regulator']) expect(ran(`${id}/${component}.onnx`)).toBe(2);
    });

    test('makes the result as much longer as is asked', async () => {
      for (const lengthAdjust of [0.5, 2]) {
        const { samples } = await convert(source, { lengthAdjust });
        expect(samples.length).toBe(1.5 * rate * lengthAdjust);
        const end = samples.subarray(-0.1 * rate);
        expect(end.some((sample) => Math.abs(sample) > 1e-4)).toBe(true);
      }
    });

    test('gives the source back at strength 0', async () => {
      expect((await convert(source, { strength: 0 })).samples).toEqual(source.samples);
    });

    test('reports progress at every step, growing to exactly 1', async () => {
      const seen: number[] = [];
      const onProgress = (fraction: number) => seen.push(fraction);
      await convert(source, { diffusionSteps: 8 }, { onProgress });
      expect(seen.length).toBeGreaterThan(10);
      expect(seen).toEqual(seen.toSorted((a, b) => a - b));
      expect(seen.filter((fraction) => fraction === 1).length).toBe(1);
      seen.length = 0;
      await engine.profile([reference], { onProgress });
      expect(seen.at(-1)).toBe(1);
    });

    test('stops within a step when it is cancelled, and works on afterwards', async () => {
      const runs = () => host.runs[`${id}/estimator.onnx`] ?? 0;
      const controller = new AbortController();
      const before = runs();
      const onProgress = () => {
        if (runs() > before) controller.abort();
      };
      const run = convert(source, { diffusionSteps: 50 }, { signal: controller.signal, onProgress });
      await expect(run).rejects.toBeInstanceOf(CancelledError);
      // The step that was told of, and at most the one after it.
      expect(runs() - before).toBeLessThanOrEqual(4);
      expect((await convert(source)).samples.length).toBe(1.5 * rate);
    });

    test('does not compute the unconditional branch without guidance', async () => {
      const runs = () => host.runs[`${id}/estimator.onnx`] ?? 0;
      const count = async (inferenceCfgRate: number) => {
        const before = runs();
        await convert(source, { inferenceCfgRate });
        return runs() - before;
      };
      expect(await count(0)).toBe(2);
      expect(await count(0.7)).toBe(4);
    });

    test('refuses what it cannot do', async () => {
      const isPitched = id === 'seed-vc-hifi';
      for (const [field, value] of [
        ['strength', 0.5],
        ['pitch', 3],
        ['formant', 1],
        ['f0Condition', !isPitched],
        ...(isPitched
          ? []
          : ([
              ['autoF0Adjust', true],
              ['semitoneShift', 1],
            ] as const)),
      ] as const) {
        const refused = convert(source, { [field]: value });
        await expect(refused).rejects.toMatchObject({ code: 'option-invalid', details: { field, engine: id } });
      }
      const other = { speechSeconds: 3, engines: { mini: {} } };
      const options = { ...defaultOptions, outputRate: rate };
      await expect(engine.convert(source, other, options)).rejects.toMatchObject({ code: 'voice-engine-mismatch' });
    });

    test('refuses voices whose features do not fit together', async () => {
      const options = { ...defaultOptions, outputRate: rate };
      const features = voice.engines[id] ?? {};
      const { mel, condition, style } = features;
      if (!mel || !condition || !style) throw new Error('features are missing');
      for (const broken of [
        { ...features, mel: { dims: [mel.dims[0] ?? 0, 1], data: mel.data } },
        { ...features, style: { dims: [100], data: style.data.slice(0, 100) } },
        { ...features, condition: { dims: [mel.dims[1] ?? 0, 1], data: condition.data.slice(0, mel.dims[1]) } },
        { ...features, condition: { ...condition, data: condition.data.map(() => Number.NaN) } },
      ]) {
        const run = engine.convert(source, { speechSeconds: 3, engines: { [id]: broken } }, options);
        await expect(run).rejects.toMatchObject({ code: 'voice-corrupt' });
      }
    });

    test('refuses references without enough speech', async () => {
      const silent = { samples: new Float32Array(2 * rate), sampleRate: rate };
      await expect(engine.profile([silent])).rejects.toMatchObject({ code: 'reference-no-speech' });
      const short = engine.profile([part(reference, 1, 1.6)]);
      await expect(short).rejects.toMatchObject({ code: 'reference-too-short' });
    });

    test('hears 25 seconds of the references at most', async () => {
      const whole = await readSample('voices/1688.flac');
      const many = await engine.profile([whole, whole, whole, whole]);
      const [, frames = 0] = many.engines[id]?.mel?.dims ?? [];
      expect(frames).toBeGreaterThan(24.9 * 86);
      expect(frames).toBeLessThanOrEqual(25 * 86.14);
    });
  });
}

describe('a source longer than the model sees', () => {
  test('is drawn in chunks, without a gap between them', async () => {
    const host = await createNarrowHost();
    const engine = await createEngine('seed-vc-fast', host);
    const voice = await engine.profile([part(await readSample('voices/1688.flac'), 0, 3)]);
    const { samples } = part(await readSample('recordings/english.flac'), 0, 3);
    const long = Float32Array.from({ length: 40 * rate }, (_, i) => samples[i % samples.length] ?? 0);
    const options = { ...defaultOptions, outputRate: rate, diffusionSteps: 1, inferenceCfgRate: 0 };
    const result = await engine.convert({ samples: long, sampleRate: rate }, voice, options);
    expect(result.samples.length).toBe(long.length);
    expect(host.runs['seed-vc-fast/estimator.onnx']).toBe(2);
    expect(host.runs['seed-vc-fast/encoder.onnx']).toBe(1 + 2);
    for (let at = 0; at + rate / 4 <= 39.9 * rate; at += rate / 4) {
      expect(result.samples.subarray(at, at + rate / 4).some((sample) => Math.abs(sample) > 1e-5)).toBe(true);
    }
    await engine.dispose();
  });
});

describe('models that are not as they should be', () => {
  test('missing: the model is named, or its file', async () => {
    const host = await createNarrowHost();
    const none = { ...host, loadModel: () => Promise.reject(new UnavailableError('model-missing', { name: 'x' })) };
    const missing = { code: 'model-missing', details: { name: 'seed-vc-fast' } };
    await expect(createEngine('seed-vc-fast', none)).rejects.toMatchObject(missing);
    const without = (file: string) => ({
      ...host,
      loadModel: (path: string) =>
        path.endsWith(file)
          ? Promise.reject(new UnavailableError('model-missing', { name: path }))
          : host.loadModel(path),
    });
    const partly = { code: 'model-missing', details: { name: 'seed-vc-fast/estimator.onnx' } };
    await expect(createEngine('seed-vc-fast', without('estimator.onnx'))).rejects.toMatchObject(partly);
  });

  test('cut off or changed', async () => {
    const host = await createNarrowHost();
    for (const damage of [
      (bytes: Uint8Array) => bytes.slice(0, bytes.length / 2),
      (bytes: Uint8Array) => bytes.map((byte, i) => (i < 1000 ? byte ^ 0x55 : byte)),
    ]) {
      const damaged = { ...host, loadModel: async (path: string) => damage(await host.loadModel(path)) };
      await expect(createEngine('seed-vc-fast', damaged)).rejects.toMatchObject({ code: 'model-corrupt' });
    }
    await (await createEngine('seed-vc-fast', host)).dispose();
  });
});
