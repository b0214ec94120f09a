import { BANDS, bandAt } from './bands.ts';
import type { EnvelopeChange } from './waveform.ts';

/** The band below 8 kHz whose change is carried on above it, Hz. */
const FROM_HERTZ = 6000;
/** The change is limited to this range, in nat: −17 … +6 dB. */
const LOWEST = -2;
const HIGHEST = 0.7;
/** Frames that it is averaged over: sibilants are kept, single frames don't click. */
const WIDTH = 9;

/** Factor for what lies above the engine's band, for each frame: the mean change of the top bands, smoothed, times `level`. */
export function highGains(change: EnvelopeChange, level: number): Float32Array {
  const logGains = new Float32Array(change.frames);
  for (const { first, gains } of change.blocks(change.frames)) {
    for (let row = 0; row * BANDS < gains.length; row++) logGains[first + row] = highGain(gains, row);
  }
  return movingMean(logGains).map((gain) => level * Math.exp(gain));
}

const firstBand = Math.round(bandAt(FROM_HERTZ));

/** The mean change of the top bands in one row of `gains` [frames, BANDS], limited; nat. */
export function highGain(gains: Float32Array, row: number): number {
  let sum = 0;
  for (let band = firstBand; band < BANDS; band++) sum += gains[row * BANDS + band] as number;
  return Math.min(Math.max(sum / (BANDS - firstBand), LOWEST), HIGHEST);
}

function movingMean(values: Float32Array): Float32Array {
  const half = (WIDTH - 1) / 2;
  return values.map((_, i) => {
    const near = values.subarray(Math.max(0, i - half), i + half + 1);
    return near.reduce((sum, value) => sum + value, 0) / near.length;
  });
}
