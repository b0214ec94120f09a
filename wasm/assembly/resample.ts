import { add, laneCount, mul, splat } from './lanes';
import { dot, total } from './vectors';

/**
 * Polyphase filtering: output n lies at input time n·step/phases, and is the product of the `taps` samples around it with
 * the filter of its phase. Where an output lies is kept in integers, so it doesn't matter how a signal is cut.
 */

/** Position of the next output, carried from call to call. */
@unmanaged
export class ResampleState {
  /** First sample under the filter, counted from the start of the buffer. */
  index: i32;
  /** Phase, 0 … phases − 1. */
  phase: i32;
}

/** Two outputs that lie between the same two samples: one reading of `x` for both, each summed in the order of `dot`. */
@inline
function dotTwice<T>(x: usize, first: usize, second: usize, taps: i32, out: usize): void {
  const lanes = laneCount<T>();
  let a0 = splat<T>(0), a1 = splat<T>(0), a2 = splat<T>(0), a3 = splat<T>(0);
  let b0 = splat<T>(0), b1 = splat<T>(0), b2 = splat<T>(0), b3 = splat<T>(0);
  const bulk = x + (<usize>(taps & -(4 * lanes)) << 2);
  while (x < bulk) {
    const x0 = load<T>(x), x1 = load<T>(x, sizeof<T>());
    a0 = add<T>(a0, mul<T>(x0, load<T>(first)));
    b0 = add<T>(b0, mul<T>(x0, load<T>(second)));
    a1 = add<T>(a1, mul<T>(x1, load<T>(first, sizeof<T>())));
    b1 = add<T>(b1, mul<T>(x1, load<T>(second, sizeof<T>())));
    const x2 = load<T>(x, 2 * sizeof<T>()), x3 = load<T>(x, 3 * sizeof<T>());
    a2 = add<T>(a2, mul<T>(x2, load<T>(first, 2 * sizeof<T>())));
    b2 = add<T>(b2, mul<T>(x2, load<T>(second, 2 * sizeof<T>())));
    a3 = add<T>(a3, mul<T>(x3, load<T>(first, 3 * sizeof<T>())));
    b3 = add<T>(b3, mul<T>(x3, load<T>(second, 3 * sizeof<T>())));
    x += 4 * sizeof<T>();
    first += 4 * sizeof<T>();
    second += 4 * sizeof<T>();
  }
  // `taps` is a multiple of 8 (resample-filter.ts): whole vectors are left, or nothing.
  const end = bulk + (<usize>(taps & (4 * lanes - 1)) << 2);
  for (; x < end; x += sizeof<T>(), first += sizeof<T>(), second += sizeof<T>()) {
    a0 = add<T>(a0, mul<T>(load<T>(x), load<T>(first)));
    b0 = add<T>(b0, mul<T>(load<T>(x), load<T>(second)));
  }
  store<f32>(out, total<T>(add<T>(add<T>(a0, a1), add<T>(a2, a3))));
  store<f32>(out, total<T>(add<T>(add<T>(b0, b1), add<T>(b2, b3))), 4);
}

/**
 * Outputs until the filter would reach beyond `available` samples of `input`, or `capacity` is full. Returns their number.
 *
 * @param bank [phases, taps]
 */
export function resample(
  state: ResampleState, input: usize, available: i32, step: i32, phases: i32, bank: usize, taps: i32, out: usize, capacity: i32,
): i32 {
  const row = <usize>taps << 2;
  const wholeStep = step / phases, phaseStep = step % phases;
  let index = state.index, phase = state.phase, count = 0;
  while (count < capacity && index + taps <= available) {
    const x = input + (<usize>index << 2), filter = bank + row * phase, y = out + (<usize>count << 2);
    if (wholeStep == 0 && phase + phaseStep < phases && count + 1 < capacity) {
      if (ASC_FEATURE_SIMD) dotTwice<v128>(x, filter, filter + row * phaseStep, taps, y);
      else dotTwice<f32>(x, filter, filter + row * phaseStep, taps, y);
      count += 2;
      phase += phaseStep;
    } else {
      store<f32>(y, dot(x, filter, taps));
      count++;
    }
    index += wholeStep;
    phase += phaseStep;
    if (phase >= phases) {
      phase -= phases;
      index++;
    }
  }
  state.index = index;
  state.phase = phase;
  return count;
}

/** (1 − fraction)·Σ x·filter + fraction·Σ x·next, the next filter being the one after it in memory. */
@inline
function dotBetween<T>(x: usize, filter: usize, taps: i32, fraction: f32): f32 {
  const row = <usize>taps << 2;
  const end = x + row;
  let here = splat<T>(0), next = splat<T>(0), here2 = splat<T>(0), next2 = splat<T>(0);
  // `taps` is a multiple of 8 (resample-filter.ts).
  for (; x < end; x += 2 * sizeof<T>(), filter += 2 * sizeof<T>()) {
    const a = load<T>(x), b = load<T>(x, sizeof<T>());
    here = add<T>(here, mul<T>(a, load<T>(filter)));
    next = add<T>(next, mul<T>(a, load<T>(filter + row)));
    here2 = add<T>(here2, mul<T>(b, load<T>(filter, sizeof<T>())));
    next2 = add<T>(next2, mul<T>(b, load<T>(filter + row, sizeof<T>())));
  }
  const low = total<T>(add<T>(here, here2)), high = total<T>(add<T>(next, next2));
  return low + fraction * (high - low);
}

/**
 * As `resample` where there are too many phases to store: filters of `stored` phases, equally spaced, and one more
 * (phase 0, one sample later) at the end; between two of them the result is interpolated linearly.
 *
 * @param bank [stored + 1, taps]
 */
export function resampleBetween(
  state: ResampleState, input: usize, available: i32, step: i32, phases: i32, bank: usize, taps: i32, stored: i32, out: usize, capacity: i32,
): i32 {
  const row = <usize>taps << 2;
  const wholeStep = step / phases, phaseStep = step % phases;
  const storedPerPhase = <f64>stored / <f64>phases;
  let index = state.index, phase = state.phase, count = 0;
  while (count < capacity && index + taps <= available) {
    const place = <f64>phase * storedPerPhase;
    const filter = <i32>place;
    const fraction = <f32>(place - <f64>filter);
    const x = input + (<usize>index << 2);
    const value = ASC_FEATURE_SIMD
      ? dotBetween<v128>(x, bank + row * filter, taps, fraction)
      : dotBetween<f32>(x, bank + row * filter, taps, fraction);
    store<f32>(out + (<usize>count << 2), value);
    count++;
    index += wholeStep;
    phase += phaseStep;
    if (phase >= phases) {
      phase -= phases;
      index++;
    }
  }
  state.index = index;
  state.phase = phase;
  return count;
}
