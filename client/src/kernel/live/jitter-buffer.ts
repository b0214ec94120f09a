import { Joint } from './joint.ts';
import type { SampleRing } from './ring.ts';

/** What is to be left in the ring at the worst moment of the last seconds: at first, at least, at most, in seconds. */
const FIRST_RESERVE = 0.05;
const LEAST_RESERVE = 0.03;
const MOST_RESERVE = 0.08;
/** A drop-out makes the reserve larger, each second without one a little smaller: by half in four minutes. */
const GROWTH = 1.5;
const GROWTH_SECONDS = 0.01;
const SHRINKAGE = 0.997;
/** The worst moment is looked for in so many seconds. */
const MEMORY_SECONDS = 8;
/** What lies in the ring beyond the reserve and this is too much. */
const SLACK_SECONDS = 0.02;
/** Quiet is what stays below this share of the loudest of the last seconds, or below this level. */
const QUIET_SHARE = 0.05;
const QUIET_LEVEL = 0.002;
const LOUDEST_DECAY_SECONDS = 3;

/**
 * Plays what comes in blocks at uneven times. It keeps as much in reserve as blocks have been late by: with little it begins, pauses
 * of the speech grow or shrink to mend it, and a drop-out makes it larger. What does not join up is bridged.
 */
export class JitterBuffer {
  readonly #ring: SampleRing;
  readonly #sampleRate: number;
  readonly #joint: Joint;
  #reserve = FIRST_RESERVE;
  /** Samples to wait after the first block has come. What comes after a drop-out has waited long enough. */
  #wait: number;
  #isPlaying = false;
  #played = 0;
  #dropOuts = 0;
  /** Least that was left in the ring in each of the last seconds, newest last, and in the present one. */
  #lows: number[] = [];
  #low = Number.POSITIVE_INFINITY;
  #sinceSecond = 0;
  /** Samples that pauses are to become longer by (positive) or shorter (negative). */
  #correction = 0;
  #loudest = 0;
  #isQuiet = false;

  constructor(ring: SampleRing, sampleRate: number) {
    this.#ring = ring;
    this.#sampleRate = sampleRate;
    this.#wait = FIRST_RESERVE * sampleRate;
    this.#joint = new Joint(sampleRate);
  }

  /** Samples of the ring that were played or left out. */
  get played(): number {
    return this.#played;
  }

  /** Times that there was nothing to play in time. */
  get dropOuts(): number {
    return this.#dropOuts;
  }

  /** Fills the next stretch of the output, with silence where there is nothing. */
  read(output: Float32Array): void {
    this.#joint.pass(output, this.#fill(output));
    const peak = peakOf(output);
    this.#loudest = Math.max(peak, this.#loudest * (1 - output.length / (LOUDEST_DECAY_SECONDS * this.#sampleRate)));
    this.#isQuiet = this.#soundsQuiet(peak);
  }

  /** Gives the index from which on the output does not follow from what came before, or −1. */
  #fill(output: Float32Array): number {
    const begins = !this.#isPlaying;
    if (begins && !this.#mayBegin(output.length)) {
      output.fill(0);
      return -1;
    }
    if (this.#isQuiet && this.#correction > 0 && !begins) {
      output.fill(0);
      this.#correct(output.length);
      return 0;
    }
    const count = this.#take(output);
    if (count < output.length) return this.#runDry(output, count);
    const isExcess = this.#correction <= -output.length && this.#ring.filled >= output.length;
    if (isExcess && this.#isQuiet && this.#soundsQuiet(peakOf(output))) {
      this.#take(output);
      this.#correct(-output.length);
      return 0;
    }
    this.#remember(output.length);
    return begins ? 0 : -1;
  }

  #mayBegin(length: number): boolean {
    if (this.#ring.filled < length) return false;
    this.#wait -= length;
    this.#isPlaying = this.#wait <= 0;
    return this.#isPlaying;
  }

  #take(output: Float32Array): number {
    const count = this.#ring.read(output);
    this.#played += count;
    return count;
  }

  #runDry(output: Float32Array, count: number): number {
    output.fill(0, count);
    this.#dropOuts++;
    this.#reserve = Math.min(MOST_RESERVE, GROWTH * this.#reserve + GROWTH_SECONDS);
    this.#isPlaying = false;
    this.#lows = [];
    this.#low = Number.POSITIVE_INFINITY;
    this.#sinceSecond = 0;
    this.#correction = 0;
    return count;
  }

  /** `samples` more lie in the ring than if nothing had been done. */
  #correct(samples: number): void {
    this.#correction -= samples;
    this.#low += samples;
    this.#lows = this.#lows.map((low) => low + samples);
  }

  #remember(length: number): void {
    this.#low = Math.min(this.#low, this.#ring.filled);
    this.#sinceSecond += length;
    if (this.#sinceSecond < this.#sampleRate) return;
    this.#lows.push(this.#low);
    if (this.#lows.length > MEMORY_SECONDS) this.#lows.shift();
    this.#low = Number.POSITIVE_INFINITY;
    this.#sinceSecond = 0;
    this.#reserve = Math.max(LEAST_RESERVE, SHRINKAGE * this.#reserve);
    this.#correction = this.#wantedCorrection();
  }

  #wantedCorrection(): number {
    const lowest = Math.min(...this.#lows);
    const reserve = this.#reserve * this.#sampleRate;
    if (lowest < reserve / 2) return reserve - lowest;
    const isTooMuch = this.#lows.length === MEMORY_SECONDS && lowest > reserve + SLACK_SECONDS * this.#sampleRate;
    return isTooMuch ? reserve - lowest : 0;
  }

  #soundsQuiet(peak: number): boolean {
    return peak < Math.max(QUIET_LEVEL, QUIET_SHARE * this.#loudest);
  }
}

export function peakOf(samples: Float32Array): number {
  let peak = 0;
  for (let i = 0; i < samples.length; i++) peak = Math.max(peak, Math.abs(samples[i] as number));
  return peak;
}
