/**
 * Pitch marks: one position per period where speech is voiced (the first at the highest peak, each next one where the
 * waveform resembles the last best), one every 5 ms elsewhere. Runs block by block over a window of the signal.
 */

/** What the next block goes on from. Field order is the layout. */
@unmanaged
export class MarkState {
  /** Where to look next, in samples. */
  position: f64;
  /** Number of marks so far. */
  count: i32;
  /** 1 while inside a voiced stretch. */
  voiced: i32;
}

/** Unvoiced marks are this many seconds apart. */
const UNVOICED_SECONDS: f64 = 0.005;

/** Normalised cross-correlation is taken over this share of a period to each side. */
const REACH: f64 = 0.6;

@inline
function pitchAt(f0: usize, frames: i32, position: f64, hop: f64): f64 {
  return load<f64>(f0 + (<usize>min(frames - 1, <i32>(position / hop + 0.5)) << 3));
}

/** Position of the largest magnitude in [from, to). `x`: address of sample 0, wherever the window begins. */
function highestPeak(x: usize, from: i32, to: i32): i32 {
  let best: f32 = -1, at = from;
  for (let i = from; i < to; i++) {
    const height = abs(load<f32>(x + (<usize>i << 2)));
    if (height > best) { best = height; at = i; }
  }
  return at;
}

/** Similarity of the waveform at `candidate` to that at `mark`; not divided by the mark's own energy, which is common to all. */
function similarity(x: usize, mark: i32, candidate: i32, reach: i32): f64 {
  let product: f64 = 0, energy: f64 = 1e-9;
  let a = x + (<usize>(mark - reach) << 2), b = x + (<usize>(candidate - reach) << 2);
  for (let end = b + (<usize>(2 * reach) << 2); b < end; a += 4, b += 4) {
    const value = <f64>load<f32>(b);
    product += <f64>load<f32>(a) * value;
    energy += value * value;
  }
  return product / Math.sqrt(energy);
}

/** Position within 0.8 … 1.25 periods after `mark` that resembles it most, or one period after where none is inside the signal. */
function mostSimilar(x: usize, mark: i32, period: f64, length: i32): i32 {
  const reach = <i32>(period * REACH);
  let best: f64 = -1e30, at = <i32>(<f64>mark + period);
  if (mark < reach) return at;
  const last = min(<i32>(<f64>mark + 1.25 * period), length - reach - 1);
  for (let candidate = <i32>(<f64>mark + 0.8 * period); candidate <= last; candidate++) {
    const value = similarity(x, mark, candidate, reach);
    if (value > best) { best = value; at = candidate; }
  }
  return at;
}

/**
 * Finds the marks from where `state` stands up to sample `until` (exclusive). `x` is the address that sample 0 would have;
 * three of the longest periods around what is searched must be readable, or the signal's end. `f0`: f64 × frames for the
 * whole signal, `hop` samples apart. Writes from the count'th entry on: `positions` (i32), `periods` (f64), `kinds`
 * (i32, 1 = voiced).
 */
export function pitchMarks(
  state: MarkState, x: usize, length: i32, until: i32, f0: usize, frames: i32, hop: f64, sampleRate: f64,
  positions: usize, periods: usize, kinds: usize, capacity: i32,
): void {
  const unvoicedStep = <i32>(UNVOICED_SECONDS * sampleRate);
  while (state.position < <f64>min(until, length - 1) && state.count < capacity) {
    const pitch = pitchAt(f0, frames, state.position, hop);
    let mark = <i32>state.position, period = <f64>unvoicedStep;
    const voiced = pitch > 0;
    if (voiced) {
      period = sampleRate / pitch;
      if (state.voiced) mark = mostSimilar(x, load<i32>(positions + (<usize>(state.count - 1) << 2)), period, length);
      else mark = highestPeak(x, mark, min(length, <i32>(state.position + period) + 1));
      if (mark >= length) { state.position = <f64>length; return; }
    }
    store<i32>(positions + (<usize>state.count << 2), mark);
    store<f64>(periods + (<usize>state.count << 3), period);
    store<i32>(kinds + (<usize>state.count << 2), voiced ? 1 : 0);
    state.count++;
    state.voiced = voiced ? 1 : 0;
    if (!voiced) state.position += <f64>unvoicedStep;
    else if (pitchAt(f0, frames, <f64>mark + period, hop) > 0) state.position = <f64>mark + 0.75 * period;
    else { state.position = <f64>mark + period; state.voiced = 0; }
  }
}
