import type { Audio } from '#core/audio/audio.ts';
import { BANDS } from '#core/engines/mini/bands.ts';
import { EnvelopeAnalyser } from '#core/engines/mini/envelope.ts';
import { PitchTracker } from '#core/engines/mini/pitch.ts';
import { bandMoments, pitchRange } from '#core/engines/mini/statistics.ts';
import type { Host } from '#core/host.ts';
import { loadKernels } from '#core/kernels/module.ts';
import { resample } from '#core/kernels/resample.ts';

/** What a listener would say of a recording, in numbers. */
export interface SpeechMeasures {
  /** Median of the pitch, Hz; 0 where there is none. */
  readonly medianPitch: number;
  /** Mean log spectrum of the speech on 80 bands in mel up to 8 kHz, less its own mean. */
  readonly spectrum: Float64Array;
  /** Root mean square. */
  readonly level: number;
}

/** Makes the measure; its pitch and envelopes are themselves held against WORLD and SwiftF0 in the engine's parity test. */
export async function createMeasure(host: Host): Promise<(audio: Audio) => Promise<SpeechMeasures>> {
  const kernels = await loadKernels(host);
  const session = await host.runtime.createSession(await host.loadModel('swift-f0/network.onnx'));
  const tracker = new PitchTracker(session, kernels);
  const analyser = new EnvelopeAnalyser(kernels);
  const quiet = async () => {};
  return async (audio) => {
    const samples = resample(kernels, audio.samples, audio.sampleRate, 16000);
    const { f0, envelope, active } = await analyser.analyse(samples, await tracker.track(samples, quiet), quiet);
    const { mean } = bandMoments(envelope, active);
    const average = mean.reduce((sum, value) => sum + value, 0) / BANDS;
    const squares = samples.reduce((sum, value) => sum + value * value, 0);
    return {
      medianPitch: Math.exp(pitchRange(f0)?.median ?? Number.NEGATIVE_INFINITY),
      spectrum: mean.map((value) => value - average),
      level: Math.sqrt(squares / samples.length),
    };
  };
}

/** Root mean square difference of two spectra, in nat. */
export function spectralDistance(a: Float64Array, b: Float64Array): number {
  return Math.sqrt(a.reduce((sum, value, i) => sum + (value - (b[i] ?? 0)) ** 2, 0) / a.length);
}
