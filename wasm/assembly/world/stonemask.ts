/**
 * StoneMask (WORLD; Morise, Kawahara, Katayose 2009): refines a pitch estimate by the instantaneous frequency of its
 * first harmonics under a Blackman window of three periods. All in f64: the ratio of two nearly equal phases is taken.
 */

/** Entries of the cosine table, one turn; also the longest transform. */
const TURN: i32 = 2048;
/** Harmonics of the first and of the second correction. */
const FIRST_HARMONICS: i32 = 2;
const SECOND_HARMONICS: i32 = 6;
/** A correction larger than this share of the estimate is not believed. */
const LARGEST_CORRECTION: f64 = 0.2;

/**
 * Samples under the window (`main`) and under the window's derivative (`slope`), each `length` f64.
 * `origin` is the address of the frame's centre sample (f32).
 */
function windowed(origin: usize, half: i32, main: usize, slope: usize): void {
  const length = 2 * half + 1;
  // Window at j, with phase 2π(j − half − 1)/length: the estimate's index origin, kept from the published implementation.
  const turn = (2.0 * Math.PI) / <f64>length;
  const twice = 2.0 * Math.cos(turn);
  let before = Math.cos(turn * <f64>(half + 2)), now = Math.cos(turn * <f64>(half + 1));
  let last: f64 = 0, present = blackman(now);
  let sample = origin - (<usize>(half + 1) << 2);
  for (let j = 0; j < length; j++) {
    const after = twice * now - before;
    before = now; now = after;
    const next = j + 1 < length ? blackman(now) : 0;
    const x = <f64>load<f32>(sample);
    store<f64>(main, x * present);
    store<f64>(slope, x * (last - next) * 0.5);
    last = present; present = next;
    sample += 4; main += 8; slope += 8;
  }
}

/** 0.42 + 0.5 cos φ + 0.08 cos 2φ. */
@inline
function blackman(cosine: f64): f64 {
  return 0.42 + 0.5 * cosine + 0.08 * (2.0 * cosine * cosine - 1.0);
}

/**
 * Pitch as the amplitude-weighted mean of the instantaneous frequencies of harmonics 1 … count of `f0`, read at the
 * nearest bins of a transform of `size` points.
 */
function corrected(f0: f64, count: i32, main: usize, slope: usize, length: i32, size: i32, sampleRate: f64, cosines: usize): f64 {
  const step = TURN / size;
  let weighted: f64 = 0, weights: f64 = 1e-12;
  for (let harmonic = 1; harmonic <= count; harmonic++) {
    const bin = <i32>(f0 * <f64>size / sampleRate * <f64>harmonic + 0.5);
    let mainRe: f64 = 0, mainIm: f64 = 0, slopeRe: f64 = 0, slopeIm: f64 = 0;
    let phase = 0;
    const advance = bin * step;
    for (let at: usize = 0, end = <usize>length << 3; at < end; at += 8) {
      const cos = load<f64>(cosines + (<usize>phase << 3));
      // −sin φ = cos(φ + ¼ turn).
      const sin = load<f64>(cosines + (<usize>((phase + TURN / 4) & (TURN - 1)) << 3));
      const m = load<f64>(main + at), s = load<f64>(slope + at);
      mainRe += m * cos; mainIm += m * sin;
      slopeRe += s * cos; slopeIm += s * sin;
      phase = (phase + advance) & (TURN - 1);
    }
    const power = mainRe * mainRe + mainIm * mainIm;
    const amplitude = Math.sqrt(power);
    let frequency: f64 = 0;
    if (power != 0) {
      frequency = <f64>bin * sampleRate / <f64>size +
        (mainRe * slopeIm - mainIm * slopeRe) / power * sampleRate / (2.0 * Math.PI);
    }
    weighted += amplitude * frequency;
    weights += amplitude * <f64>harmonic;
  }
  return weighted / weights;
}

function refined(origin: usize, f0: f64, sampleRate: f64, cosines: usize, scratch: usize): f64 {
  if (f0 <= 0 || f0 > sampleRate / 12.0) return 0;
  const half = <i32>(1.5 * sampleRate / f0 + 1.0);
  const length = 2 * half + 1;
  // Four times the largest power of two that is not above the length.
  const size = 4 << (31 - clz(length));
  if (size > TURN) return f0;
  const main = scratch, slope = scratch + (<usize>length << 3);
  windowed(origin, half, main, slope);
  const first = corrected(f0, FIRST_HARMONICS, main, slope, length, size, sampleRate, cosines);
  if (!(first > 0) || first > 2.0 * f0) return f0;
  const second = corrected(first, SECOND_HARMONICS, main, slope, length, size, sampleRate, cosines);
  return Math.abs(second - f0) > LARGEST_CORRECTION * f0 ? f0 : second;
}

/**
 * Refines `f0` (f64 × frames, Hz, 0 where unvoiced) in place. `x` is the address of the first frame's centre sample
 * (f32); frames are `hop` samples apart; 1024 samples before the first and after the last centre must be readable.
 * `cosines`: cos(2πk/2048), k = 0 … 2047 (f64). `scratch`: 4096 f64. An estimate so low that its transform would be
 * longer than 2048 points (below 47 Hz at 16 kHz) is kept as it is.
 */
export function stoneMask(x: usize, f0: usize, frames: i32, hop: i32, sampleRate: f64, cosines: usize, scratch: usize): void {
  for (let frame = 0; frame < frames; frame++) {
    store<f64>(f0, refined(x, load<f64>(f0), sampleRate, cosines, scratch));
    x += <usize>hop << 2;
    f0 += 8;
  }
}
