import { irfft, rfft } from '../fft/real';
import { FftPlan } from '../fft/plan';
import { add, max, min, mul, splat } from '../lanes';
import { expLanes } from '../math';

/**
 * Time-varying zero-phase filter: each windowed frame's spectrum times e^gain, overlapped and added, then divided by the
 * overlapped windows.
 */

/** Gains are limited to this range, in nat. */
const LOWEST_GAIN: f32 = -4.6;
const HIGHEST_GAIN: f32 = 3.5;

/** e^gain of every bin of the spectrum: `gains` of bands, read between the two neighbours that `lower` and `fraction` say. */
function binGains(gains: usize, lower: usize, fraction: usize, bins: i32, stride: i32, out: usize): void {
  for (let bin = 0; bin < bins; bin++) {
    const at = <usize>bin << 2;
    const band = gains + (<usize>load<i32>(lower + at) << 2);
    const left = load<f32>(band), right = load<f32>(band, 4);
    store<f32>(out + at, left + (right - left) * load<f32>(fraction + at));
  }
  if (ASC_FEATURE_SIMD) exponentials<v128>(out, stride);
  else exponentials<f32>(out, stride);
}

@inline
function exponentials<T>(values: usize, count: i32): void {
  for (let at: usize = 0, end = <usize>count << 2; at < end; at += sizeof<T>()) {
    store<T>(values + at, expLanes<T>(max<T>(min<T>(load<T>(values + at), splat<T>(HIGHEST_GAIN)), splat<T>(LOWEST_GAIN))));
  }
}

/** out = a·b; `out` may be one of them. */
@inline
function multiply<T>(a: usize, b: usize, out: usize, count: i32): void {
  for (let at: usize = 0, end = <usize>count << 2; at < end; at += sizeof<T>()) {
    store<T>(out + at, mul<T>(load<T>(a + at), load<T>(b + at)));
  }
}

/** out += a. */
@inline
function accumulate<T>(a: usize, out: usize, count: i32): void {
  for (let at: usize = 0, end = <usize>count << 2; at < end; at += sizeof<T>()) {
    store<T>(out + at, add<T>(load<T>(out + at), load<T>(a + at)));
  }
}

@inline
function filterFrame<T>(plan: FftPlan, x: usize, window: usize, windowLength: i32, gains: usize, wave: usize, spectrum: usize, out: usize, norm: usize): void {
  const size = plan.size, stride = plan.stride;
  const rest = size - windowLength, quarter = <usize>rest << 1;
  multiply<T>(x, window, wave, windowLength);
  memory.fill(wave + (<usize>windowLength << 2), 0, <usize>rest << 2);
  rfft(plan, wave, spectrum);
  multiply<T>(spectrum, gains, spectrum, stride);
  multiply<T>(spectrum + (<usize>stride << 2), gains, spectrum + (<usize>stride << 2), stride);
  irfft(plan, spectrum, wave);
  // What wrapped round to the end of the transform belongs before the frame.
  const early = <usize>size * 4 - quarter;
  accumulate<T>(wave + early, out, rest >> 1);
  accumulate<T>(wave, out + quarter, size - (rest >> 1));
  accumulate<T>(window, norm + quarter, windowLength);
}

/**
 * Filters `frames` frames, `hop` samples apart. `x`: address of the first frame's first sample; `window`: `windowLength`
 * f32, where `plan` transforms twice as many points. `gains`: [frames, bands] in nat; `lower` (i32) and `fraction` (f32):
 * where each of the size/2 + 1 bins lies between bands. Adds to `out` and `norm`, which begin half a window before the
 * first frame and reach `hop`·(frames − 1) + size samples. `scratch`: size + 3·stride f32.
 */
export function filterFrames(
  plan: FftPlan, x: usize, frames: i32, hop: i32, window: usize, windowLength: i32,
  gains: usize, bands: i32, lower: usize, fraction: usize, out: usize, norm: usize, scratch: usize,
): void {
  const wave = scratch, spectrum = wave + (<usize>plan.size << 2), gain = spectrum + (<usize>plan.stride << 3);
  const step = <usize>hop << 2;
  for (let frame = 0; frame < frames; frame++) {
    binGains(gains, lower, fraction, plan.half + 1, plan.stride, gain);
    if (ASC_FEATURE_SIMD) filterFrame<v128>(plan, x, window, windowLength, gain, wave, spectrum, out, norm);
    else filterFrame<f32>(plan, x, window, windowLength, gain, wave, spectrum, out, norm);
    x += step; out += step; norm += step;
    gains += <usize>bands << 2;
  }
}
