/**
 * Pitch-synchronous overlap-add in the time domain (Moulines & Charpentier 1990): two-period Hann grains, cut at the
 * marks, laid down at the new spacing. Runs block by block.
 */

/** What the next block goes on from. Field order is the layout. */
@unmanaged
export class GrainState {
  /** Where the next grain goes, in samples. */
  position: f64;
  /** The mark nearest to the last grain. */
  mark: i32;
}

/** Grains reach at least this many samples to each side. */
const SHORTEST_REACH: i32 = 8;

/** Adds `gain` × the samples around `mark` under a Hann window to those around `centre`; both ends cut at the signal's. */
function addGrain(x: usize, length: i32, mark: i32, reach: i32, gain: f64, y: usize, centre: i32): void {
  const step = Math.PI / <f64>reach;
  const twice = 2.0 * Math.cos(step);
  const first = max(-reach, max(-mark, -centre));
  const last = min(reach, min(length - mark, length - centre));
  let before = Math.cos(step * <f64>(first - 1)), now = Math.cos(step * <f64>first);
  let from = x + (<usize>(mark + first) << 2), to = y + (<usize>(centre + first) << 2);
  for (let j = first; j < last; j++) {
    store<f32>(to, <f32>(<f64>load<f32>(to) + gain * <f64>load<f32>(from) * (0.5 + 0.5 * now)));
    const after = twice * now - before;
    before = now; now = after;
    from += 4; to += 4;
  }
}

/**
 * Lays down grains from where `state` stands up to sample `until` (exclusive). `x` and `y` are the addresses that sample 0
 * of source and result would have; a block must be readable and writable one longest period beyond its ends. `ratios`:
 * new pitch by old, f64 × frames for the whole signal. Marks as `pitchMarks` writes them, for at least two periods
 * beyond `until`.
 */
export function overlapAdd(
  state: GrainState, x: usize, length: i32, y: usize, until: i32,
  positions: usize, periods: usize, kinds: usize, marks: i32, ratios: usize, frames: i32, hop: f64,
): void {
  if (marks == 0) return;
  const end = <f64>min(until, length);
  while (state.position < end) {
    while (state.mark + 1 < marks) {
      const here = <f64>load<i32>(positions + (<usize>state.mark << 2)), next = <f64>load<i32>(positions + (<usize>(state.mark + 1) << 2));
      if (Math.abs(next - state.position) > Math.abs(here - state.position)) break;
      state.mark++;
    }
    const at = <usize>state.mark;
    const period = load<f64>(periods + (at << 3));
    let ratio: f64 = 1;
    if (load<i32>(kinds + (at << 2))) ratio = load<f64>(ratios + (<usize>min(frames - 1, <i32>(state.position / hop + 0.5)) << 3));
    const mark = load<i32>(positions + (at << 2));
    addGrain(x, length, mark, max(<i32>period, SHORTEST_REACH), 1.0 / Math.sqrt(ratio), y, <i32>(state.position + 0.5));
    state.position += period / ratio;
  }
}
