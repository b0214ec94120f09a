import type { Kernels } from './module.ts';
import { sincBank } from './resample-filter.ts';

/**
 * Loudness and peaks of mono sound after ITU-R BS.1770-4. Loudness is in LKFS (= LUFS), −Infinity for silence.
 */
export interface Loudness {
  /** Loudness of the whole, without its pauses (gated at −70 LKFS and at 10 LU below the mean). */
  readonly integrated: number;
  /** Loudness of each 400 ms block; one begins every 100 ms. Sound shorter than a block is one block. */
  readonly momentary: Float32Array;
}

const ABSOLUTE_GATE = -70;
const RELATIVE_GATE = -10;
/** Steps of 100 ms in a block of 400 ms. */
const STEPS_PER_BLOCK = 4;
const STEPS_PER_SECOND = 10;

/** `samples` at `sampleRate` Hz. */
export function measureLoudness(kernels: Kernels, samples: Float32Array, sampleRate: number): Loudness {
  const blocks = blockEnergies(kernels, samples, sampleRate);
  const audible = blocks.filter((energy) => toLoudness(energy) > ABSOLUTE_GATE);
  const gate = toLoudness(mean(audible)) + RELATIVE_GATE;
  return {
    integrated: toLoudness(mean(audible.filter((energy) => toLoudness(energy) > gate))),
    momentary: Float32Array.from(blocks, toLoudness),
  };
}

/** Mean square of K-weighted samples as loudness; a 997 Hz sine of amplitude 1 has −3.01 LKFS. */
function toLoudness(meanSquare: number): number {
  return meanSquare > 0 ? 10 * Math.log10(meanSquare) - 0.691 : Number.NEGATIVE_INFINITY;
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** K-weighted mean square of each block. */
function blockEnergies(kernels: Kernels, samples: Float32Array, sampleRate: number): number[] {
  if (samples.length === 0) return [];
  const edge = (step: number) => Math.round((step * sampleRate) / STEPS_PER_SECOND);
  const wholeSteps = Math.floor((samples.length * STEPS_PER_SECOND) / sampleRate);
  const steps = Math.max(wholeSteps, STEPS_PER_BLOCK);
  const edges = Array.from({ length: steps + 1 }, (_, step) => Math.min(edge(step), samples.length));
  const energies = kernels.scope(() => {
    const sections = kernels.allocF32(28);
    new Float64Array(kernels.exports.memory.buffer, sections.pointer, 14).set(kWeighting(sampleRate));
    const piece = kernels.allocF32(edge(1) + 1);
    return edges.slice(1).map((end, step) => {
      const part = samples.subarray(edges[step], end);
      piece.view.set(part);
      return kernels.exports.weightedEnergy(piece.pointer, part.length, sections.pointer);
    });
  });
  return Array.from({ length: steps - STEPS_PER_BLOCK + 1 }, (_, first) => {
    const last = first + STEPS_PER_BLOCK;
    const energy = energies.slice(first, last).reduce((sum, value) => sum + value, 0);
    return energy / ((edges[last] ?? 0) - (edges[first] ?? 0));
  });
}

/** Corner frequency in Hz and quality of a second-order section. */
interface Prototype {
  readonly hz: number;
  readonly quality: number;
}

/**
 * BS.1770 tabulates the K-weighting for 48 kHz only; these are the analogue filters behind that table (B. De Man,
 * "Evaluation of implementations of the EBU R128 loudness measurement", AES 145, 2018). The shelf rises to `SHELF_GAIN` and
 * has `KNEE_GAIN` in the middle of its numerator; the high-pass passes `HIGH_PASS_GAIN`, as the table's numerator 1, −2, 1 does.
 */
const SHELF: Prototype = { hz: 1681.974450955533, quality: 0.7071752369554196 };
const SHELF_GAIN = 10 ** (3.999843853973347 / 20);
const KNEE_GAIN = SHELF_GAIN ** 0.4996667741545416;
const HIGH_PASS: Prototype = { hz: 38.13547087602444, quality: 0.5003270373238773 };
const HIGH_PASS_GAIN = bilinear(HIGH_PASS, 48000).scale;

/** K-weighting for a rate: two sections, each b0, b1, b2, a1, a2 and two zero states. */
function kWeighting(sampleRate: number): number[] {
  const { scale, poles } = bilinear(HIGH_PASS, sampleRate);
  const gain = HIGH_PASS_GAIN / scale;
  return [...matchedShelf(sampleRate), 0, 0, gain, -2 * gain, gain, ...poles, 0, 0];
}

/** Poles a1, a2 under the bilinear transform, and what its numerator is divided by. */
function bilinear({ hz, quality }: Prototype, sampleRate: number) {
  const k = Math.tan((Math.PI * hz) / sampleRate);
  const scale = 1 + k / quality + k * k;
  return { scale, poles: [(2 * (k * k - 1)) / scale, (1 - k / quality + k * k) / scale] };
}

/** |H|² of the analogue shelf. */
function shelfPower(hz: number): number {
  const w = hz / SHELF.hz;
  const real = 1 - w * w;
  return (
    ((1 - SHELF_GAIN * w * w) ** 2 + ((KNEE_GAIN * w) / SHELF.quality) ** 2) / (real ** 2 + (w / SHELF.quality) ** 2)
  );
}

/** Where the digital shelf has exactly the analogue magnitude, besides 0 Hz and the Nyquist frequency. */
const MATCHED_HZ = 1200;

/**
 * The shelf as b0, b1, b2, a1, a2. The bilinear transform would bend it by 0.3 dB at 8 kHz; poles kept where they are and
 * zeros matched at three frequencies (M. Vicanek, "Matched Second Order Digital Filters", 2016) stay within 0.04 dB
 * of the table's response at 8 kHz and within 0.01 dB from 11 kHz on.
 */
function matchedShelf(sampleRate: number): number[] {
  const corner = (2 * Math.PI * SHELF.hz) / sampleRate;
  const damping = 1 / (2 * SHELF.quality);
  const a1 = -2 * Math.exp(-damping * corner) * Math.cos(Math.sqrt(1 - damping * damping) * corner);
  const a2 = Math.exp(-2 * damping * corner);

  // |A|² and |B|² are c0·(1−s) + c1·s + c2·4s(1−s), s = sin²(ω/2): c0 is the value at 0 Hz, c1 at the Nyquist frequency.
  const s = Math.sin((Math.PI * MATCHED_HZ) / sampleRate) ** 2;
  const mixed = 4 * s * (1 - s);
  const [A0, A1, A2] = [(1 + a1 + a2) ** 2, (1 - a1 + a2) ** 2, -4 * a2] as const;
  const [B0, B1] = [A0, A1 * shelfPower(sampleRate / 2)] as const;
  const wanted = (A0 * (1 - s) + A1 * s + A2 * mixed) * shelfPower(MATCHED_HZ);
  const B2 = (wanted - B0 * (1 - s) - B1 * s) / mixed;

  const half = (Math.sqrt(B0) + Math.sqrt(B1)) / 2;
  const b0 = (half + Math.sqrt(half * half + B2)) / 2;
  return [b0, (Math.sqrt(B0) - Math.sqrt(B1)) / 2, -B2 / (4 * b0), a1, a2];
}

/** Places between two samples where the true peak is looked for, the first being the sample itself. */
const OVERSAMPLING = 4;
const PIECE = 16384;

/** Flat to 0.9 of the Nyquist frequency, images 80 dB down from 1.1 of it on. */
const peakFilter = sincBank({
  phases: OVERSAMPLING,
  interpolated: false,
  halfWidth: 25,
  cutoff: 1,
  attenuationDecibels: 80,
});

/** Largest overshoot that the filter's phases can give: the greatest sum of magnitudes of one phase. */
const peakGain = Math.max(
  ...Array.from({ length: OVERSAMPLING }, (_, phase) =>
    peakFilter.values
      .subarray(phase * peakFilter.taps, (phase + 1) * peakFilter.taps)
      .reduce((sum, value) => sum + Math.abs(value), 0),
  ),
);

/** Largest magnitude of the samples, 0 for none. */
export function samplePeak(kernels: Kernels, samples: Float32Array): number {
  return kernels.scope(() => {
    const piece = kernels.allocF32(PIECE);
    let largest = 0;
    for (let at = 0; at < samples.length; at += PIECE) {
      const part = samples.subarray(at, at + PIECE);
      piece.view.set(part);
      largest = Math.max(largest, kernels.exports.peak(piece.pointer, part.length));
    }
    return largest;
  });
}

/**
 * True peak as a linear magnitude (1 = full scale): the largest magnitude of the signal at four times its rate, BS.1770-4
 * annex 2 with a longer filter. 20·log₁₀ of it is dBTP. The signal counts as zero outside.
 * Looked for from sample `start` to before `end`.
 */
export function truePeak(kernels: Kernels, samples: Float32Array, start = 0, end = samples.length): number {
  const { taps, values } = peakFilter;
  const before = taps / 2 - 1;
  return kernels.scope(() => {
    const bank = kernels.copyF32(values);
    const piece = kernels.allocF32(PIECE + taps);
    let largest = 0;
    for (let at = start; at < end; at += PIECE) {
      const count = Math.min(PIECE, end - at);
      const lead = Math.min(before, at);
      piece.view.fill(0);
      piece.view.set(samples.subarray(at - lead, at + count + taps / 2), before - lead);
      largest = kernels.exports.peakBetween(piece.pointer, count, bank.pointer, OVERSAMPLING, taps, peakGain, largest);
    }
    return largest;
  });
}
