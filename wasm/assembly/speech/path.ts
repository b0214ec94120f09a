import { add, mul, splat, sub } from '../lanes';

/**
 * Unit selection: the cheapest way through the candidates of each frame, where a jump costs the distance between what
 * would follow the last candidate and the next one; then the candidates nearest to the way.
 */

/** A row of features is 20 floats; unused ones are 0. */
const FEATURE_BYTES: usize = 80;

@inline
function squaredDistance<T>(a: usize, b: usize): f32 {
  let sum = splat<T>(0);
  for (let at: usize = 0; at < FEATURE_BYTES; at += sizeof<T>()) {
    const difference = sub<T>(load<T>(a + at), load<T>(b + at));
    sum = add<T>(sum, mul<T>(difference, difference));
  }
  if (isVector<T>()) {
    const pairs = f32x4.add(sum, v128.shuffle<f32>(sum, sum, 2, 3, 0, 1));
    return f32x4.extract_lane(pairs, 0) + f32x4.extract_lane(pairs, 1);
  }
  return <f32>sum;
}

@inline
function distance(a: usize, b: usize): f32 {
  if (ASC_FEATURE_SIMD) return sqrt<f32>(squaredDistance<v128>(a, b));
  return sqrt<f32>(squaredDistance<f32>(a, b));
}

@inline
function featuresOf(features: usize, row: i32): usize {
  return features + <usize>row * FEATURE_BYTES;
}

/**
 * Goes on by `frames` frames. `before`: the `kept` candidates (i32) of the frame before the first, whose costs (f64) are in
 * `costs`; there the costs of the last frame are left. `indices`, `distances`: candidates [frames, kept]. `features`:
 * [rows, 20] f32. `jumpWeight`: cost of a unit of distance. Out: `back` [frames, kept] bytes, the best predecessor.
 * `scratch`: `kept` f64.
 */
export function bestPredecessors(
  before: usize, indices: usize, distances: usize, frames: i32, kept: i32, features: usize, rows: i32,
  jumpWeight: f64, costs: usize, back: usize, scratch: usize,
): void {
  const step = <usize>kept << 2;
  for (let frame = 0; frame < frames; frame++) {
    for (let to = 0; to < kept; to++) {
      const target = featuresOf(features, load<i32>(indices + (<usize>to << 2)));
      let best: f64 = Infinity, from = 0;
      for (let i = 0; i < kept; i++) {
        const following = featuresOf(features, min(load<i32>(before + (<usize>i << 2)) + 1, rows - 1));
        const cost = load<f64>(costs + (<usize>i << 3)) + jumpWeight * <f64>distance(following, target);
        if (cost < best) { best = cost; from = i; }
      }
      store<u8>(back + <usize>to, <u8>from);
      store<f64>(scratch + (<usize>to << 3), best + <f64>load<f32>(distances + (<usize>to << 2)));
    }
    memory.copy(costs, scratch, <usize>kept << 3);
    before = indices;
    indices += step; distances += step;
    back += <usize>kept;
  }
}

/**
 * For each frame the `near` candidates (at most `kept`) with the smallest distance + `pathWeight` × distance from the path's
 * candidate, nearest first. `path`: [frames] bytes, which candidate is on the path. Out: `chosen` [frames, near] (i32).
 * `scratch`: `kept` f32.
 */
export function nearestToPath(
  indices: usize, distances: usize, path: usize, frames: i32, kept: i32, near: i32, features: usize,
  pathWeight: f32, chosen: usize, scratch: usize,
): void {
  for (let frame = 0; frame < frames; frame++) {
    const onPath = featuresOf(features, load<i32>(indices + (<usize>load<u8>(path) << 2)));
    for (let at: usize = 0; at < <usize>kept << 2; at += 4) {
      const apart = distance(featuresOf(features, load<i32>(indices + at)), onPath);
      store<f32>(scratch + at, load<f32>(distances + at) + pathWeight * apart);
    }
    for (let n = 0; n < near; n++) {
      const best = smallestOf(scratch, kept);
      store<f32>(scratch + best, Infinity);
      store<i32>(chosen, load<i32>(indices + best));
      chosen += 4;
    }
    indices += <usize>kept << 2; distances += <usize>kept << 2;
    path += 1;
  }
}

/** Byte offset of the smallest of `count` values. */
@inline
function smallestOf(values: usize, count: i32): usize {
  let best: usize = 0;
  for (let at: usize = 4; at < <usize>count << 2; at += 4) if (load<f32>(values + at) < load<f32>(values + best)) best = at;
  return best;
}
