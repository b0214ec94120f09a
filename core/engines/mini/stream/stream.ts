import { MinimumPhaseFilter } from '../../../kernels/minimum-phase.ts';
import type { Kernels } from '../../../kernels/module.ts';
import { PitchShifter, SHIFT_SECONDS } from '../../../kernels/psola-stream.ts';
import { createResampler, type Resampler } from '../../../kernels/resample.ts';
import type { StreamOptions, VoiceStream } from '../../engine.ts';
import { BANDS, binPositions, HOP, SAMPLE_RATE } from '../bands.ts';
import { highGain } from '../high-band.ts';
import { levelOfPitch, type Network } from '../network.ts';
import type { PitchTracker } from '../pitch.ts';
import { type PitchRange, pitchRange, targetPitch, withinBounds } from '../statistics.ts';
import type { Voice } from '../voice.ts';
import { ANALYSIS_SAMPLES, StreamAnalysis } from './analysis.ts';
import { HISTORY_SAMPLES, History } from './history.ts';
import { StreamOutput } from './output-stream.ts';
import { SampleQueue } from './queue.ts';
import { RunningPitch } from './running.ts';
import { StreamTarget } from './target-stream.ts';

/** Length of a block. A shorter one costs almost as much, as the networks look back over the same stretch for each. */
const BLOCK_SECONDS = 0.06;
/** Frames that are known beyond the last one that is filtered. */
const LOOK_AHEAD = 1;
/** From the end of what is known at 16 kHz to what is finished, at most: frames are finished whole. */
const AHEAD = Math.max(Math.ceil(SHIFT_SECONDS * SAMPLE_RATE), ANALYSIS_SAMPLES + LOOK_AHEAD * HOP) + HOP - 1;
/** How far a resampler looks ahead, in samples at the lower rate. */
const RESAMPLER_REACH = 65;
/** Spread of log pitch where the voice tells none. */
const USUAL_SPREAD = 0.2;

/** What a stream takes from its engine. */
export interface StreamParts {
  readonly kernels: Kernels;
  readonly pitch: PitchTracker;
  readonly network: Network;
}

/**
 * The engine's stages on a signal that keeps coming: the newest frames are analysed, changed in pitch and filtered as soon as
 * enough behind them is known. What a whole recording would tell (range of pitch, mean spectra, level) is known only of the past.
 */
export class MiniStream implements VoiceStream {
  readonly sampleRate: number;
  readonly blockSamples: number;
  readonly latencySamples: number;
  readonly #kernels: Kernels;
  readonly #voicePitch: PitchRange | null;
  readonly #history = new History();
  readonly #analysis: StreamAnalysis;
  readonly #target: StreamTarget;
  readonly #filter: MinimumPhaseFilter;
  #options: StreamOptions;
  #toBand: Resampler;
  #shifter: PitchShifter;
  #output: StreamOutput;
  #ready: SampleQueue;
  #pitch: RunningPitch;
  /** Of the history: samples at the new pitch, frames filtered. */
  #shifted = 0;
  #filtered = 0;

  constructor({ kernels, pitch, network }: StreamParts, voice: Voice, options: StreamOptions, sampleRate: number) {
    this.sampleRate = sampleRate;
    this.blockSamples = Math.round(BLOCK_SECONDS * sampleRate);
    const reach = sampleRate === SAMPLE_RATE ? 0 : (2 * RESAMPLER_REACH) / Math.min(sampleRate, SAMPLE_RATE);
    this.latencySamples = Math.ceil((AHEAD / SAMPLE_RATE + reach) * sampleRate);
    this.#kernels = kernels;
    this.#voicePitch = pitchRange(voice.analysis.f0);
    this.#analysis = new StreamAnalysis(kernels, pitch);
    this.#target = new StreamTarget(kernels, network, voice, options.formant);
    this.#filter = new MinimumPhaseFilter(kernels, HOP, binPositions());
    this.#options = options;
    this.#toBand = createResampler(kernels, sampleRate, SAMPLE_RATE);
    this.#output = new StreamOutput(kernels, sampleRate);
    this.#shifter = new PitchShifter(kernels, SAMPLE_RATE, HOP, HISTORY_SAMPLES);
    this.#ready = new SampleQueue(this.latencySamples);
    this.#pitch = new RunningPitch(this.#voicePitch?.deviation ?? USUAL_SPREAD);
  }

  configure(options: StreamOptions): void {
    this.#options = options;
    this.#target.setFormant(options.formant);
  }

  async push(block: Float32Array): Promise<Float32Array<ArrayBuffer>> {
    if (block.length !== this.blockSamples) throw new RangeError(`a block of ${block.length} samples`);
    const finite = block.every(Number.isFinite) ? block : block.map((value) => (Number.isFinite(value) ? value : 0));
    this.#output.hear(finite);
    const history = this.#history;
    const cut = history.append(this.#toBand.push(finite));
    if (cut > 0) this.#forget(cut);
    const known = history.frames;
    await this.#analysis.extend(history);
    this.#shiftPitch(known);
    await this.#filterNext();
    return this.#ready.take(this.blockSamples);
  }

  reset(): void {
    this.#toBand.dispose();
    this.#output.free();
    this.#toBand = createResampler(this.#kernels, this.sampleRate, SAMPLE_RATE);
    this.#output = new StreamOutput(this.#kernels, this.sampleRate);
    this.#shifter = new PitchShifter(this.#kernels, SAMPLE_RATE, HOP, HISTORY_SAMPLES);
    this.#ready = new SampleQueue(this.latencySamples);
    this.#pitch = new RunningPitch(this.#voicePitch?.deviation ?? USUAL_SPREAD);
    this.#history.clear();
    this.#analysis.reset();
    this.#target.reset();
    this.#filter.reset();
    this.#shifted = 0;
    this.#filtered = 0;
  }

  close(): void {
    this.#toBand.dispose();
    this.#output.free();
    this.#analysis.free();
    this.#target.free();
    this.#filter.free();
  }

  #forget(cut: number): void {
    this.#shifter.forget(cut);
    this.#shifted -= cut;
    this.#filtered -= cut / HOP;
  }

  /** Frames from `known` on are new. */
  #shiftPitch(known: number): void {
    const history = this.#history;
    const { f0, frames, ratios } = history;
    for (let frame = known; frame < frames; frame++) {
      if (history.active[frame] === 1) this.#pitch.add(f0[frame] as number);
    }
    const target = this.#pitchTarget();
    const { strength } = this.#options;
    for (let frame = this.#filtered; frame < frames; frame++) {
      const hertz = f0[frame] as number;
      ratios[frame] = hertz > 0 && target ? (withinBounds(target(hertz)) / hertz) ** strength : 1;
    }
    const shifted = this.#shifter.advance(history);
    // Grains at the old distances are not quite what they were cut from.
    const wave = target && strength > 0 ? shifted : history.samples.subarray(0, shifted.length);
    history.wave.set(wave.subarray(this.#shifted), this.#shifted);
    this.#shifted = shifted.length;
  }

  #pitchTarget() {
    return targetPitch(this.#pitch.range(), this.#voicePitch, this.#options.pitch);
  }

  async #filterNext(): Promise<void> {
    const history = this.#history;
    const first = this.#filtered;
    const end = Math.min(Math.floor(this.#shifted / HOP) + 1, history.frames - LOOK_AHEAD);
    if (end <= first) return;
    const gains = await this.#target.change(history, first, end, ...this.#pitchToCome());
    const { strength } = this.#options;
    for (let i = 0; i < gains.length; i++) gains[i] = strength * (gains[i] as number);
    for (let row = 0; row < end - first; row++) {
      const centre = (first + row) * HOP;
      const wave = this.#filter.next(history.wave, centre, gains.subarray(row * BANDS, (row + 1) * BANDS));
      // Before the first frame's centre there is nothing.
      if (centre === 0) continue;
      const heard = history.samples.subarray(centre - HOP, centre);
      this.#ready.add(this.#output.piece(wave, heard, highGain(gains, row)));
    }
    this.#filtered = end;
  }

  /** Pitch to come of each frame, and its level. */
  #pitchToCome(): [Float64Array, number] {
    const { f0, frames } = this.#history;
    const target = this.#pitchTarget() ?? ((hertz: number) => hertz);
    const track = f0.slice(0, frames).map((hertz) => (hertz > 0 ? withinBounds(target(hertz)) : 0));
    const own = this.#pitch.range();
    return [track, own ? levelOfPitch(target(Math.exp(own.median))) : 0];
  }
}
