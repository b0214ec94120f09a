import { type Moments, median, type PitchRange, percentile } from '../statistics.ts';

/** Frames after which what was heard longest ago begins to be forgotten: 30 s of speech. */
const MEMORY_FRAMES = 3000;
/** The assumption counts like this many frames: 0.5 s of speech. */
const PRIOR_FRAMES = 50;

/** Mean and deviation of numbers that keep coming, beginning with an assumption and slowly forgetting. */
export class RunningMoments {
  readonly #prior: Moments;
  readonly #levels: number;
  readonly #sum: Float64Array;
  readonly #squares: Float64Array;
  #weight = 0;

  /**
   * `prior`: what is assumed before anything was heard, but for its level, which nobody can guess: the mean of the first `levels`
   * numbers (0 where the level is known).
   */
  constructor(prior: Moments, levels: number) {
    this.#prior = prior;
    this.#levels = levels;
    this.#sum = new Float64Array(prior.mean.length);
    this.#squares = new Float64Array(prior.mean.length);
  }

  /** How many frames it stands on. */
  get weight(): number {
    return this.#weight;
  }

  /** Adds the row of `rows` that begins at index `offset`. */
  add(rows: Float32Array, offset: number): void {
    const keep = this.#weight < MEMORY_FRAMES ? 1 : 1 - 1 / MEMORY_FRAMES;
    this.#weight = this.#weight * keep + 1;
    for (let i = 0; i < this.#sum.length; i++) {
      // Relative to the prior, so that squares stay small.
      const value = (rows[offset + i] as number) - (this.#prior.mean[i] as number);
      this.#sum[i] = (this.#sum[i] as number) * keep + value;
      this.#squares[i] = (this.#squares[i] as number) * keep + value * value;
    }
  }

  moments(): Moments {
    const { mean, deviation } = this.#prior;
    const total = this.#weight + PRIOR_FRAMES;
    const shift = this.#levelShift();
    const offset = this.#sum.map((sum, i) => (sum + PRIOR_FRAMES * (i < this.#levels ? shift : 0)) / total);
    return {
      mean: mean.map((value, i) => value + (offset[i] as number)),
      deviation: this.#squares.map((squares, i) => {
        const centre = i < this.#levels ? shift : 0;
        const prior = PRIOR_FRAMES * ((deviation[i] as number) ** 2 + centre ** 2);
        return Math.sqrt(Math.max(0, (squares + prior) / total - (offset[i] as number) ** 2));
      }),
    };
  }

  /** How much louder than the prior what was heard is. */
  #levelShift(): number {
    if (this.#weight === 0 || this.#levels === 0) return 0;
    let sum = 0;
    for (let i = 0; i < this.#levels; i++) sum += this.#sum[i] as number;
    return sum / (this.#levels * this.#weight);
  }
}

/** Voiced frames whose pitch is remembered: 15 s. */
const PITCH_FRAMES = 1500;
/** Fewer voiced frames say nothing of a voice's pitch. */
const FEWEST_VOICED = 5;
/** The assumed spread counts like so many frames. */
const SPREAD_FRAMES = 100;

/** Where the speaker's pitch lies, from what was heard last. */
export class RunningPitch {
  readonly #logs = new Float64Array(PITCH_FRAMES);
  readonly #assumedDeviation: number;
  #count = 0;

  /** `assumedDeviation` of log pitch: the voice's own, so that at first the melody is only moved. */
  constructor(assumedDeviation: number) {
    this.#assumedDeviation = assumedDeviation;
  }

  add(hertz: number): void {
    if (hertz > 0) this.#logs[this.#count++ % PITCH_FRAMES] = Math.log(hertz);
  }

  /** Null until something voiced was heard. */
  range(): PitchRange | null {
    if (this.#count < FEWEST_VOICED) return null;
    const logs = this.#logs.subarray(0, Math.min(this.#count, PITCH_FRAMES));
    const mean = logs.reduce((sum, value) => sum + value, 0) / logs.length;
    const squares = logs.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    const variance = (squares + SPREAD_FRAMES * this.#assumedDeviation ** 2) / (logs.length + SPREAD_FRAMES);
    return { median: median(logs), deviation: Math.sqrt(variance) };
  }
}

/** Frames by whose level it is judged what is loud: 10 s. */
const LEVEL_FRAMES = 1000;
const LOUD_PERCENTILE = 95;
/** As in a whole recording: frames within this many decibels of the loud ones are speech … */
const ACTIVE_RANGE_DECIBELS = 35;
/** … but only near a voiced frame, 0.5 s at most after one: a room's noise, too, is near its own loudest. */
const VOICED_REACH = 50;
const SMALLEST_POWER = 1e-14;

/** Tells speech from pauses, frame by frame. */
export class SpeechJudge {
  readonly #decibels = new Float64Array(LEVEL_FRAMES);
  #count = 0;
  #sinceVoiced = VOICED_REACH;
  #threshold = Number.POSITIVE_INFINITY;

  /** Whether the next frame, of this power (as `CheapTrick` tells it) and pitch (0 = unvoiced), is speech. */
  isSpeech(power: number, hertz: number): boolean {
    const level = 10 * Math.log10(power + SMALLEST_POWER);
    this.#decibels[this.#count % LEVEL_FRAMES] = level;
    this.#count++;
    this.#sinceVoiced = hertz > 0 ? 0 : this.#sinceVoiced + 1;
    if (this.#count % 5 === 1) {
      const known = this.#decibels.subarray(0, Math.min(this.#count, LEVEL_FRAMES));
      this.#threshold = percentile(known, LOUD_PERCENTILE) - ACTIVE_RANGE_DECIBELS;
    }
    return level > this.#threshold && this.#sinceVoiced < VOICED_REACH;
  }
}

/** Seconds over which levels are compared, as frames of 10 ms. */
const GAIN_FRAMES = 300;
const LOWEST_GAIN = 0.4;
const HIGHEST_GAIN = 2.5;

/** The factor by which what comes out is as loud as what came in. */
export class RunningGain {
  #before = 1e-6;
  #after = 1e-6;

  /** Takes the next frame's energies into account and gives the factor for it. */
  next(before: number, after: number): number {
    const keep = 1 - 1 / GAIN_FRAMES;
    this.#before = this.#before * keep + before;
    this.#after = this.#after * keep + after;
    return Math.min(Math.max(Math.sqrt(this.#before / this.#after), LOWEST_GAIN), HIGHEST_GAIN);
  }
}
