import { dot } from './vectors';

/**
 * One second-order section, direct form II transposed, in f64: at high sampling rates the poles of the K-weighting's
 * high-pass lie so close to 1 that f32 would not resolve them. Coefficients b0, b1, b2, a1, a2 (a0 = 1), then two states.
 */
@unmanaged
class Section {
  b0: f64;
  b1: f64;
  b2: f64;
  a1: f64;
  a2: f64;
  state1: f64;
  state2: f64;
}

@inline
function filtered(section: Section, x: f64): f64 {
  const y = section.b0 * x + section.state1;
  section.state1 = section.b1 * x - section.a1 * y + section.state2;
  section.state2 = section.b2 * x - section.a2 * y;
  return y;
}

/** Sum of squares of `count` samples after two sections in series; their states go on from call to call. */
export function weightedEnergy(samples: usize, count: i32, sections: usize): f64 {
  const shelf = changetype<Section>(sections), highPass = changetype<Section>(sections + offsetof<Section>());
  let energy: f64 = 0;
  for (const end = samples + (<usize>count << 2); samples < end; samples += 4) {
    const y = filtered(highPass, filtered(shelf, <f64>load<f32>(samples)));
    energy += y * y;
  }
  return energy;
}

/** Largest magnitude of `count` samples. */
export function peak(samples: usize, count: i32): f32 {
  let i = 0;
  let largest: f32 = 0;
  if (ASC_FEATURE_SIMD) {
    let lanes = f32x4.splat(0);
    for (; i + 4 <= count; i += 4) lanes = f32x4.max(lanes, f32x4.abs(v128.load(samples + (<usize>i << 2))));
    largest = max(
      max(f32x4.extract_lane(lanes, 0), f32x4.extract_lane(lanes, 1)),
      max(f32x4.extract_lane(lanes, 2), f32x4.extract_lane(lanes, 3)),
    );
  }
  for (; i < count; i++) largest = max(largest, abs(load<f32>(samples + (<usize>i << 2))));
  return largest;
}

/** Samples that are judged together. */
const BLOCK = 64;

/**
 * Largest magnitude of `count` samples and of the curve through them at `phases` places between each two.
 *
 * @param samples the first filter begins here: `count + taps − 1` f32, so the sample of place i is i + taps/2 − 1
 * @param bank [phases, taps]
 * @param gain the largest Σ|filter|: where no sample under the filters could exceed the peak found so far, none is computed
 * @param least a peak known before
 */
export function peakBetween(samples: usize, count: i32, bank: usize, phases: i32, taps: i32, gain: f32, least: f32): f32 {
  let largest = least;
  const row = <usize>taps << 2;
  for (let start = 0; start < count; start += BLOCK) {
    const places = count - start < BLOCK ? count - start : BLOCK;
    const x = samples + (<usize>start << 2);
    largest = max(largest, peak(x + (<usize>(taps / 2 - 1) << 2), places));
    if (gain * peak(x, places + taps - 1) <= largest) continue;
    for (let i = 0; i < places; i++) {
      for (let phase = 0; phase < phases; phase++) {
        largest = max(largest, abs(dot(x + (<usize>i << 2), bank + row * phase, taps)));
      }
    }
  }
  return largest;
}
