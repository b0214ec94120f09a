/** The outline of a recording: the largest absolute value of each of equally long stretches, in 0..1. */
export interface Outline {
  readonly peaks: Float32Array;
  readonly seconds: number;
}

/** Largest absolute value in each of `count` equally long stretches of `samples`, clamped to 0..1. */
export function peaksOf(samples: Float32Array, count: number): Float32Array {
  const peaks = new Float32Array(count);
  for (let index = 0; index < count; index += 1) {
    const start = Math.floor((index * samples.length) / count);
    const end = Math.max(start + 1, Math.floor(((index + 1) * samples.length) / count));
    let peak = 0;
    for (let at = start; at < Math.min(end, samples.length); at += 1) peak = Math.max(peak, Math.abs(samples[at] ?? 0));
    peaks[index] = Math.min(1, peak);
  }
  return peaks;
}

/** The same outline in fewer or more stretches, never losing a peak when fewer. */
export function resamplePeaks(peaks: Float32Array, count: number): Float32Array {
  return peaksOf(peaks, count);
}

/**
 * Heights for drawing, 0..1: quiet passages stay visible.
 *
 * @param fullScale the peak that fills the height; the loudest one when left out
 */
export function barHeights(peaks: Float32Array, fullScale = loudestOf(peaks)): Float32Array {
  return fullScale === 0 ? new Float32Array(peaks.length) : peaks.map((peak) => Math.min(1, peak / fullScale) ** 0.7);
}

function loudestOf(peaks: Float32Array): number {
  return peaks.reduce((most, peak) => Math.max(most, peak), 0);
}
