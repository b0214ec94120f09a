/** Mono sound. `samples` are in −1..1 (more is possible before the last limiter), `sampleRate` in Hz. */
export interface Audio {
  readonly samples: Float32Array;
  readonly sampleRate: number;
}

/** Length in seconds. */
export function durationSeconds(audio: Audio): number {
  return audio.samples.length / audio.sampleRate;
}
