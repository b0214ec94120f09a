import { rfft, irfft } from './fft/real';
import { FftPlan } from './fft/plan';
import { div, laneCount, max, splat } from './lanes';
import { multiply, multiplyAdd } from './vectors';

/** What a frame sees before the first and after the last sample. */
const REFLECTED = 1;

/** Index within 0 … length − 1 that `index` has when the signal is mirrored at its first and last sample, again and again. */
@inline
function reflect(index: i32, length: i32): i32 {
  const period = 2 * (length > 1 ? length - 1 : 1);
  const wrapped = ((index % period) + period) % period;
  return length == 1 ? 0 : wrapped < length ? wrapped : period - wrapped;
}

/**
 * Spectra of `frames` windowed frames.
 *
 * @param samples the whole signal, `length` f32
 * @param edge 1: mirrored beyond its ends (without repeating the end); 0: zero there
 * @param start index of the first frame's first windowed sample; may be negative
 * @param window `windowLength` ≤ plan.size f32; it lies in the middle of the transformed frame
 * @param frame scratch of plan.size f32
 * @param out [frames, 2·plan.stride]
 */
export function stft(
  plan: FftPlan, samples: usize, length: i32, edge: i32, start: i32, hop: i32, frames: i32,
  window: usize, windowLength: i32, frame: usize, out: usize,
): void {
  memory.fill(frame, 0, <usize>plan.size << 2);
  const inner = frame + (<usize>((plan.size - windowLength) >> 1) << 2);
  for (let t = 0; t < frames; t++) {
    const first = start + t * hop;
    if (first >= 0 && first + windowLength <= length) {
      multiply(samples + (<usize>first << 2), window, inner, windowLength);
    } else {
      for (let i = 0; i < windowLength; i++) {
        const index = first + i;
        let value: f32 = 0;
        if (index >= 0 && index < length) value = load<f32>(samples + (<usize>index << 2));
        else if (edge == REFLECTED) value = load<f32>(samples + (<usize>reflect(index, length) << 2));
        store<f32>(inner + (<usize>i << 2), value * load<f32>(window + (<usize>i << 2)));
      }
    }
    rfft(plan, frame, out);
    out += <usize>plan.stride << 3;
  }
}

/**
 * Adds windowed inverse transforms of `frames` spectra to `out`, and the squared window to `weight`.
 * Arguments as `stft`; `out` and `weight` hold `length` f32, what falls beyond is dropped.
 */
export function overlapAddSpectra(
  plan: FftPlan, spectra: usize, frames: i32, start: i32, hop: i32,
  window: usize, windowLength: i32, frame: usize, out: usize, weight: usize, length: i32,
): void {
  const inner = frame + (<usize>((plan.size - windowLength) >> 1) << 2);
  for (let t = 0; t < frames; t++) {
    irfft(plan, spectra, frame);
    spectra += <usize>plan.stride << 3;
    const first = start + t * hop;
    const from = first < 0 ? -first : 0;
    const to = first + windowLength > length ? length - first : windowLength;
    if (to <= from) continue;
    const skipped = <usize>from << 2;
    const at = <usize>(first + from) << 2;
    multiplyAdd(inner + skipped, window + skipped, out + at, to - from);
    multiplyAdd(window + skipped, window + skipped, weight + at, to - from);
  }
}

@inline
function divideSome<T>(values: usize, weights: usize, floor: f32, from: i32, count: i32): i32 {
  let i = from;
  for (; i + laneCount<T>() <= count; i += laneCount<T>()) {
    const at = <usize>i << 2;
    store<T>(values + at, div<T>(load<T>(values + at), max<T>(load<T>(weights + at), splat<T>(floor))));
  }
  return i;
}

/** values[i] /= max(weights[i], floor). */
export function divideByWeight(values: usize, weights: usize, floor: f32, count: i32): void {
  let done = 0;
  if (ASC_FEATURE_SIMD) done = divideSome<v128>(values, weights, floor, 0, count);
  divideSome<f32>(values, weights, floor, done, count);
}
