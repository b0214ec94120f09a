import { CheapTrick } from '../../../kernels/cheaptrick.ts';
import type { Kernels } from '../../../kernels/module.ts';
import { BANDS, bandWeights, HOP, SAMPLE_RATE } from '../bands.ts';
import type { PitchTracker } from '../pitch.ts';
import type { History } from './history.ts';
import { SpeechJudge } from './running.ts';

/** A frame is analysed once this many samples behind its centre are known: 30 ms. */
export const ANALYSIS_SAMPLES = 480;
/** Frames that are analysed anew when more was heard behind them. */
const AGAIN = 4;
/** The pitch network hears this much before the first frame that is asked for, and beyond the end the signal mirrored. */
const BEFORE = 2080;
const MIRRORED = 1024;
/** Samples to each side of a frame's centre that may not all stay below this in speech. */
const SILENCE_REACH = HOP / 2;
const SILENCE_PEAK = 1e-3;

const quiet = async () => {};

/** Pitch, envelopes and speech of the newest frames of a stream. */
export class StreamAnalysis {
  readonly #tracker: PitchTracker;
  readonly #cheapTrick: CheapTrick;
  #judge = new SpeechJudge();

  constructor(kernels: Kernels, tracker: PitchTracker) {
    this.#tracker = tracker;
    this.#cheapTrick = new CheapTrick(kernels, SAMPLE_RATE, HOP, bandWeights());
  }

  /** Analyses what the history got since the last time. */
  async extend(history: History): Promise<void> {
    const end = Math.max(0, Math.floor((history.length - ANALYSIS_SAMPLES) / HOP) + 1);
    const known = history.frames;
    if (end <= known) return;
    const first = Math.max(0, known - AGAIN);
    await this.#findPitch(history, first, end);
    const rows = history.envelope.subarray(first * BANDS, end * BANDS);
    const samples = history.samples.subarray(0, history.length);
    const power = history.power.subarray(first, end);
    this.#cheapTrick.analyse(samples, history.f0, first, end - first, { envelope: rows, power });
    for (let frame = known; frame < end; frame++) {
      const hertz = history.f0[frame] as number;
      const isSpeech = this.#judge.isSpeech(history.power[frame] as number, hertz) && !isSilent(samples, frame);
      history.active[frame] = isSpeech ? 1 : 0;
    }
    history.frames = end;
  }

  reset(): void {
    this.#judge = new SpeechJudge();
  }

  free(): void {
    this.#cheapTrick.free();
  }

  async #findPitch(history: History, first: number, end: number): Promise<void> {
    const begin = Math.max(0, first * HOP - BEFORE);
    const heard = history.samples.subarray(begin, history.length);
    const signal = new Float32Array(heard.length + MIRRORED);
    signal.set(heard);
    for (let i = 0; i < MIRRORED; i++) signal[heard.length + i] = heard[heard.length - 2 - i] ?? 0;
    const track = await this.#tracker.track(signal, quiet);
    const offset = first - begin / HOP;
    history.f0.set(track.subarray(offset, offset + end - first), first);
  }
}

function isSilent(samples: Float32Array, frame: number): boolean {
  const end = Math.min(frame * HOP + SILENCE_REACH, samples.length);
  for (let i = Math.max(0, frame * HOP - SILENCE_REACH); i < end; i++) {
    if (Math.abs(samples[i] as number) >= SILENCE_PEAK) return false;
  }
  return true;
}
