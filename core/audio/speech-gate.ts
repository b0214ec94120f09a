/** Levels in dB between which the gate changes: it opens above `open` and closes below `close`, which is lower. */
export interface GateThresholds {
  readonly open: number;
  readonly close: number;
}

/** Lengths in steps of the level. */
export interface GateTimes {
  /** Loud steps in a row that it takes to open: shorter clicks are no speech. */
  readonly attackSteps: number;
  /** Quiet steps in a row that it takes to close: shorter gaps are a part of speech. */
  readonly holdSteps: number;
}

/** Steps from `start` up to, not including, `end`. */
export interface StepSpan {
  readonly start: number;
  readonly end: number;
}

/**
 * Tells speech from pauses by level alone, one step at a time, for files and live input alike: a gate with hysteresis, which
 * knows neither sound nor time. A span begins with its first loud step and ends after its last one.
 */
export class SpeechGate {
  private step = 0;
  private run = 0;
  private start: number | undefined;

  constructor(
    private readonly thresholds: GateThresholds,
    private readonly times: GateTimes,
  ) {}

  get isOpen(): boolean {
    return this.start !== undefined;
  }

  /** Takes the next level; returns the span that ended with it, if one did. */
  push(decibels: number): StepSpan | undefined {
    this.step++;
    const { attackSteps, holdSteps } = this.times;
    const changing = this.isOpen ? decibels < this.thresholds.close : decibels > this.thresholds.open;
    this.run = changing ? this.run + 1 : 0;
    if (this.start === undefined) {
      if (this.run >= attackSteps) this.openAt(this.step - this.run);
      return undefined;
    }
    return this.run >= holdSteps ? this.closeAt(this.start, this.step - this.run) : undefined;
  }

  /** Ends the input; returns the span that was open, if one was. */
  finish(): StepSpan | undefined {
    return this.start === undefined ? undefined : this.closeAt(this.start, this.step - this.run);
  }

  private openAt(start: number): void {
    this.start = start;
    this.run = 0;
  }

  private closeAt(start: number, end: number): StepSpan {
    this.start = undefined;
    this.run = 0;
    return { start, end };
  }
}
