/** Seconds over which a jump fades away. */
const FADE_SECONDS = 0.005;

/** Bridges jumps in a signal: what the sample before stands above the one after fades away behind it, so that nothing clicks. */
export class Joint {
  readonly #length: number;
  #last = 0;
  #jump = 0;
  #left = 0;

  constructor(sampleRate: number) {
    this.#length = Math.round(FADE_SECONDS * sampleRate);
  }

  /** Goes on with `samples`, in place. `cut`: index of the sample that does not follow from the one before, −1 where all do. */
  pass(samples: Float32Array, cut = -1): void {
    for (let i = 0; i < samples.length; i++) {
      let value = samples[i] as number;
      if (i === cut) {
        this.#jump = this.#last - value;
        this.#left = this.#length;
      }
      if (this.#left > 0) {
        value += this.#jump * (0.5 - 0.5 * Math.cos((Math.PI * this.#left) / this.#length));
        this.#left--;
      }
      samples[i] = value;
      this.#last = value;
    }
  }
}
