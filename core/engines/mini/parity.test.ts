import { beforeAll, describe, expect, test } from 'bun:test';
import { createBunHost } from '../../../server/host.ts';
import { everyNth, type Fixture, loadFixture } from '../../../tests/support/mini-fixture.ts';
import { readSample } from '../../../tests/support/samples.ts';
import { relativeError, snrDecibels } from '../../../tests/support/signals.ts';
import { type Affine, AffineMap } from '../../kernels/matrix.ts';
import { type Kernels, loadKernels } from '../../kernels/module.ts';
import { defaultOptions, type Engine } from '../engine.ts';
import { BANDS } from './bands.ts';
import { createMini } from './engine.ts';
import { type Analysis, EnvelopeAnalyser } from './envelope.ts';
import { CHANNELS, Network, normalisation, pitchLevel, voiceFeeds } from './network.ts';
import { PitchTracker } from './pitch.ts';
import { EnvelopeRows } from './rows.ts';
import { cepstralMoments, matchingMap } from './statistics.ts';
import { targetEnvelope } from './target.ts';
import { fromProfile, type Voice } from './voice.ts';
import { WindowJoin, windowsOf } from './windows.ts';

/**
 * Every stage against the reference implementation in Python (librosa, pyworld, swift-f0, onnxruntime, numba) on two pairs
 * of samples; `fixtures/make.py` tells how its numbers were stored. Each stage works on what our own stages before it made,
 * so the bounds hold end to end.
 */

const quiet = async () => {};
let kernels: Kernels;
let engine: Engine;
let tracker: PitchTracker;
let analyser: EnvelopeAnalyser;
let network: Network;

beforeAll(async () => {
  const host = await createBunHost();
  const load = async (path: string) => host.runtime.createSession(await host.loadModel(path));
  kernels = await loadKernels(host);
  engine = await createMini(host);
  tracker = new PitchTracker(await load('swift-f0/network.onnx'), kernels);
  analyser = new EnvelopeAnalyser(kernels);
  network = new Network(await load('mini/encoder.onnx'), await load('mini/decoder.onnx'));
});

interface Pair {
  readonly fixture: Fixture;
  readonly samples: Float32Array;
  readonly source: Analysis;
  readonly voice: Voice;
}

async function analysePair(name: 'english' | 'vietnamese'): Promise<Pair> {
  const fixture = await loadFixture(name);
  const samples = Float32Array.from(fixture.get('source'), (value) => value / 32767);
  const source = await analyser.analyse(samples, await tracker.track(samples, quiet), quiet);
  return { fixture, samples, source, voice: fromProfile(await engine.profile([await readSample(fixture.voice)])) };
}

/** [1, width, columns] as rows. */
function rowsOf(data: ArrayLike<number>, width: number): Float32Array {
  const columns = data.length / width;
  return Float32Array.from({ length: data.length }, (_, i) => data[(i % width) * columns + Math.floor(i / width)] ?? 0);
}

function mapped(rows: EnvelopeRows, map: Affine): Float32Array {
  const out = rows.toArray();
  const affine = new AffineMap(kernels, map);
  affine.apply(out, out);
  affine.free();
  return out;
}

for (const name of ['english', 'vietnamese'] as const) {
  describe(`mini against its reference, ${name} recording`, () => {
    let pair: Pair;
    let pitch: Float64Array;
    beforeAll(async () => {
      pair = await analysePair(name);
      pitch = pair.fixture.get('target_f0');
    });
    const error = (rows: Float32Array, stage: string, width = BANDS) =>
      relativeError(everyNth(rows, width, pair.fixture.every), pair.fixture.get(stage));

    test('pitch: the same frames are voiced, at the same frequency to 1e-6', () => {
      const { f0 } = pair.source;
      const expected = pair.fixture.get('f0');
      expect(f0.length).toBe(expected.length);
      const agreeing = f0.filter((hertz, frame) => hertz > 0 === (expected[frame] ?? 0) > 0).length;
      expect(agreeing / f0.length).toBeGreaterThanOrEqual(0.995);
      for (const [frame, hertz] of f0.entries()) {
        const other = expected[frame] ?? 0;
        if (hertz > 0 && other > 0) expect(Math.abs(hertz / other - 1)).toBeLessThan(1e-6);
      }
    });

    test('envelopes and activity of source and voice: relative L2 below 5e-5', () => {
      expect(error(pair.source.envelope.toArray(), 'E')).toBeLessThan(5e-5);
      expect(error(pair.voice.analysis.envelope.toArray(), 'reference_E')).toBeLessThan(5e-5);
      expect([...pair.source.active]).toEqual([...pair.fixture.get('active')]);
      expect([...pair.voice.analysis.active]).toEqual([...pair.fixture.get('reference_active')]);
    });

    test('content: relative L2 below 1e-3', async () => {
      const z = await network.encode(pair.source.envelope.toArray(), normalisation(pair.source));
      expect(error(rowsOf(z.data as Float32Array, CHANNELS), 'z', CHANNELS)).toBeLessThan(1e-3);
      // The reference leaves an odd last frame of the voice out, which moves the normalisation a little.
      const zr = rowsOf(pair.voice.z.data as Float32Array, CHANNELS);
      const expected = pair.fixture.get('zr');
      expect(
        relativeError(everyNth(zr, CHANNELS, pair.fixture.every).subarray(0, expected.length), expected),
      ).toBeLessThan(1e-2);
    });

    test('envelopes of network and base after statistics: relative L2 below 1e-3', async () => {
      const { source, voice } = pair;
      const moments = normalisation(voice.analysis);
      const feeds = voiceFeeds(voice.analysis, moments, voice.z);
      const stretch = { envelope: source.envelope.toArray(), targetPitch: pitch, pitchLevel: pitchLevel(pitch) };
      const { E } = await network.convert(stretch, normalisation(source), feeds);
      const envelope = new EnvelopeRows(source.f0.length);
      for (const window of windowsOf(source.f0.length)) new WindowJoin(envelope, moments.mean).add(window, E);
      const target = cepstralMoments(kernels, voice.analysis.envelope, voice.analysis.active);
      const matched = (rows: EnvelopeRows, limit: number) =>
        mapped(rows, matchingMap(cepstralMoments(kernels, rows, source.active), target, limit));
      expect(error(matched(envelope, 1.6), 'network')).toBeLessThan(1e-3);
      expect(error(matched(source.envelope, 1.5), 'base')).toBeLessThan(1e-4);
    });

    test('final envelopes, after retrieval and detail: relative L2 below 1e-3', async () => {
      const reports = { network: quiet, blend: quiet, releaseMemory: () => undefined };
      const { rows, map } = await targetEnvelope(kernels, network, pair.source, pair.voice, pitch, reports);
      expect(error(mapped(rows, map), 'final')).toBeLessThan(1e-3);
    });

    test('waveform, from file to file: 60 dB above the difference', async () => {
      const profile = await engine.profile([await readSample(pair.fixture.voice)]);
      const source = { samples: pair.samples, sampleRate: 16000 };
      const { samples } = await engine.convert(source, profile, { ...defaultOptions, outputRate: 16000 });
      const expected = pair.fixture.get('output').map((value) => value / 32767);
      expect(snrDecibels(samples, expected)).toBeGreaterThan(60);
    });
  });
}
