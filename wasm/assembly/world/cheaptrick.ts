import { rfft } from '../fft/real';
import { FftPlan } from '../fft/plan';
import { add, laneCount, max, mul, splat } from '../lanes';
import { expLanes, logLanes } from '../math';

/**
 * CheapTrick (WORLD; Morise 2015): the power spectrum under a pitch-adaptive window, smoothed over two thirds of the
 * pitch and liftered, which leaves the spectral envelope without the harmonics. Then the mean log amplitude on bands.
 */

/** What is taken of a frame without pitch, Hz. */
const DEFAULT_F0: f64 = 500;
/** A power below e^FLOOR = 1e-14 counts as that. */
const LOG_FLOOR: f32 = -32.23619130191664;
/** Added before the logarithm, far below the floor. */
const TINY_POWER: f32 = 1e-30;

/** Where a frame's work is done, in bytes of `scratch`; room for a transform of 1024 points and a smoothing of 256 bins. */
const WAVE: usize = 0; // 1024 f32, in its place later the log power and the cepstrum
const SPECTRUM: usize = 8192; // 2 × 516 f32
const WINDOW: usize = 16384; // 512 f32
const SUMS: usize = 20480; // 1024 f64

/** The window half (cosine, `half` + 1 values), scaled to unit energy. Returns its whole sum. */
function makeWindow(half: i32, f0: f64, sampleRate: f64, window: usize): f64 {
  const step = Math.PI * f0 / (1.5 * sampleRate);
  const twice = 2.0 * Math.cos(step);
  let before = Math.cos(step), now: f64 = 1;
  let sum: f64 = -1, energy: f64 = -1;
  for (let i = 0; i <= half; i++) {
    const value = 0.5 * now + 0.5;
    store<f32>(window + (<usize>i << 2), <f32>value);
    sum += 2.0 * value;
    energy += 2.0 * value * value;
    const after = twice * now - before;
    before = now; now = after;
  }
  const scale = 1.0 / Math.sqrt(energy);
  for (let at: usize = 0; at <= <usize>half << 2; at += 4) store<f32>(window + at, <f32>(load<f32>(window + at) * scale));
  return sum * scale;
}

/** Windowed samples around `origin` without their (windowed) mean, zero-padded to `size`, into `wave`. */
function windowed(origin: usize, half: i32, windowSum: f64, window: usize, wave: usize, size: i32): void {
  const length = 2 * half + 1;
  const first = origin - (<usize>half << 2);
  let sum: f64 = 0;
  for (let i = 0; i < length; i++) {
    const at = <usize>i << 2;
    const value = load<f32>(first + at) * load<f32>(window + (<usize>abs(i - half) << 2));
    sum += value;
    store<f32>(wave + at, value);
  }
  const mean = <f32>(sum / windowSum);
  for (let i = 0; i < length; i++) {
    const at = wave + (<usize>i << 2);
    store<f32>(at, load<f32>(at) - mean * load<f32>(window + (<usize>abs(i - half) << 2)));
  }
  memory.fill(wave + (<usize>length << 2), 0, <usize>(size - length) << 2);
}

/** |spectrum|² over its real parts. */
@inline
function powerInPlace<T>(spectrum: usize, stride: i32): void {
  const imaginary = <usize>stride << 2;
  for (let at: usize = 0; at < imaginary; at += sizeof<T>()) {
    const re = load<T>(spectrum + at), im = load<T>(spectrum + at + imaginary);
    store<T>(spectrum + at, add<T>(mul<T>(re, re), mul<T>(im, im)));
  }
}

/** Below the pitch, adds the power mirrored at half the pitch: what the missing zeroth harmonic would have. */
function correctBelowPitch(power: usize, f0: f64, binWidth: f64, copy: usize): void {
  const position = f0 / binWidth;
  const last = <i32>position;
  memory.copy(copy, power, <usize>(last + 2) << 2);
  for (let i = 0; i <= last; i++) {
    const mirrored = position - <f64>i;
    const below = <i32>mirrored;
    const fraction = mirrored - <f64>below;
    const left = <f64>load<f32>(copy + (<usize>below << 2)), right = <f64>load<f32>(copy + (<usize>(below + 1) << 2));
    const at = power + (<usize>i << 2);
    store<f32>(at, <f32>(<f64>load<f32>(at) + left + (right - left) * fraction));
  }
}

/**
 * Mean over `width` bins around each bin, the spectrum mirrored at both ends: differences of running sums, which need
 * f64 because speech spans ten orders of magnitude.
 */
function smooth(power: usize, last: i32, width: f64, sums: usize): void {
  const margin = <i32>width + 1;
  let sum: f64 = 0;
  let at = sums;
  for (let i = -margin; i <= last + margin; i++) {
    const mirrored = i > last ? 2 * last - i : abs(i);
    sum += <f64>load<f32>(power + (<usize>mirrored << 2));
    store<f64>(at, sum);
    at += 8;
  }
  // The running sum at i is that of everything up to i + ½.
  const low = <f64>margin - 0.5 - 0.5 * width, high = low + width;
  const lowIndex = <i32>low, highIndex = <i32>high;
  const lowFraction = low - <f64>lowIndex, highFraction = high - <f64>highIndex;
  const perBin = 1.0 / width;
  let lowAt = sums + (<usize>lowIndex << 3), highAt = sums + (<usize>highIndex << 3);
  for (let i = 0; i <= last; i++) {
    const a = load<f64>(lowAt), b = load<f64>(highAt);
    const below = a + (load<f64>(lowAt, 8) - a) * lowFraction;
    const above = b + (load<f64>(highAt, 8) - b) * highFraction;
    store<f32>(power + (<usize>i << 2), <f32>((above - below) * perBin));
    lowAt += 8; highAt += 8;
  }
}

@inline
function logInPlace<T>(values: usize, count: i32): void {
  for (let at: usize = 0, end = <usize>count << 2; at < end; at += sizeof<T>()) {
    store<T>(values + at, logLanes<T>(max<T>(load<T>(values + at), splat<T>(TINY_POWER))));
  }
}

/** `values` 0 … half become an even sequence of 2·half values at `wave`. */
function mirror(values: usize, half: i32, wave: usize): void {
  memory.copy(wave, values, <usize>(half + 1) << 2);
  for (let i = 1; i < half; i++) store<f32>(wave + (<usize>(2 * half - i) << 2), load<f32>(values + (<usize>i << 2)));
}

/** Multiplies the cepstrum by sin(φ)/φ · (1.3 − 0.3 cos 2φ), φ = π·f0·quefrency, and by 1/size. */
function lifter(cepstrum: usize, half: i32, f0: f64, sampleRate: f64, inverses: usize): void {
  const step = Math.PI * f0 / sampleRate;
  const twice = 2.0 * Math.cos(step);
  const scale = 1.0 / <f64>(2 * half), perStep = scale / step;
  store<f32>(cepstrum, <f32>(load<f32>(cepstrum) * scale));
  let before: f64 = 0, now = Math.sin(step);
  for (let i = 1; i <= half; i++) {
    const at = cepstrum + (<usize>i << 2);
    const gain = now * perStep * load<f64>(inverses + (<usize>i << 3)) * (1.0 + 0.6 * now * now);
    store<f32>(at, <f32>(load<f32>(at) * gain));
    const after = twice * now - before;
    before = now; now = after;
  }
}

/** Mean of e^values. */
@inline
function meanPower<T>(values: usize, half: i32): f32 {
  let sum = splat<T>(0);
  for (let at: usize = 0, end = <usize>half << 2; at < end; at += sizeof<T>()) sum = add<T>(sum, expLanes<T>(load<T>(values + at)));
  let total: f32 = 0;
  if (isVector<T>()) {
    total = f32x4.extract_lane(sum, 0) + f32x4.extract_lane(sum, 1) + f32x4.extract_lane(sum, 2) + f32x4.extract_lane(sum, 3);
  } else total = <f32>sum;
  return (total + expLanes<f32>(load<f32>(values + (<usize>half << 2)))) / <f32>(half + 1);
}

@inline
function limitBelow<T>(values: usize, count: i32): void {
  for (let at: usize = 0, end = <usize>count << 2; at < end; at += sizeof<T>()) {
    store<T>(values + at, max<T>(load<T>(values + at), splat<T>(LOG_FLOOR)));
  }
}

/** Weighted means of the log power: `ranges` has first bin and count (i32) of each band, `weights` the weights in a row. */
function toBands(logPower: usize, ranges: usize, weights: usize, bands: i32, out: usize): void {
  for (let band = 0; band < bands; band++) {
    const count = load<i32>(ranges, 4);
    let from = logPower + (<usize>load<i32>(ranges) << 2);
    let sum: f32 = 0;
    for (let i = 0; i < count; i++) {
      sum += load<f32>(from) * load<f32>(weights);
      from += 4; weights += 4;
    }
    store<f32>(out, sum);
    out += 4; ranges += 8;
  }
}

/** Log power of the envelope of one frame, bins 0 … size/2, at the address that is returned. */
function envelope(plan: FftPlan, origin: usize, f0: f64, sampleRate: f64, inverses: usize, scratch: usize): usize {
  const size = plan.size, half = plan.half, last = half;
  const binWidth = sampleRate / <f64>size;
  const wave = scratch + WAVE, spectrum = scratch + SPECTRUM, window = scratch + WINDOW, sums = scratch + SUMS;

  const reach = <i32>(1.5 * sampleRate / f0 + 0.5);
  const windowSum = makeWindow(reach, f0, sampleRate, window);
  windowed(origin, reach, windowSum, window, wave, size);
  rfft(plan, wave, spectrum);
  if (ASC_FEATURE_SIMD) powerInPlace<v128>(spectrum, plan.stride);
  else powerInPlace<f32>(spectrum, plan.stride);

  correctBelowPitch(spectrum, f0, binWidth, window);
  smooth(spectrum, last, f0 * 2.0 / 3.0 / binWidth, sums);
  if (ASC_FEATURE_SIMD) logInPlace<v128>(spectrum, plan.stride);
  else logInPlace<f32>(spectrum, last + 1);

  mirror(spectrum, half, wave);
  rfft(plan, wave, spectrum);
  lifter(spectrum, half, f0, sampleRate, inverses);
  mirror(spectrum, half, wave);
  rfft(plan, wave, spectrum);
  return spectrum;
}

/**
 * Envelopes of `frames` frames, `hop` samples apart. `x` is the address of the first frame's centre sample (f32); half a
 * transform before the first and after the last centre must be readable. `f0`: f64 × frames, Hz, 0 where unvoiced.
 * `plan`: 1024 points. `inverses`: 1/i, i = 0 … 512 (f64, the first unused). `ranges`, `weights`: see `toBands`.
 * `scratch`: 28672 bytes. Out: `E` [frames, bands], log amplitude (natural); `power` [frames], mean of the envelope.
 */
export function cheapTrick(
  plan: FftPlan, x: usize, f0: usize, frames: i32, hop: i32, sampleRate: f64,
  ranges: usize, weights: usize, bands: i32, inverses: usize, scratch: usize, E: usize, power: usize,
): void {
  const lowest = 3.0 * sampleRate / (<f64>plan.size - 3.0);
  const highest = sampleRate / 12.0;
  for (let frame = 0; frame < frames; frame++) {
    const given = load<f64>(f0);
    const logPower = envelope(plan, x, given <= lowest ? DEFAULT_F0 : Math.min(given, highest), sampleRate, inverses, scratch);
    if (ASC_FEATURE_SIMD) {
      store<f32>(power, meanPower<v128>(logPower, plan.half));
      limitBelow<v128>(logPower, plan.stride);
    } else {
      store<f32>(power, meanPower<f32>(logPower, plan.half));
      limitBelow<f32>(logPower, plan.half + 1);
    }
    toBands(logPower, ranges, weights, bands, E);
    x += <usize>hop << 2;
    f0 += 8;
    E += <usize>bands << 2;
    power += 4;
  }
}
