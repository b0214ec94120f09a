import { describe, expect, test } from 'bun:test';
import { builds, kernelsFor } from '../../tests/support/kernels.ts';
import { noise, snrDecibels } from '../../tests/support/signals.ts';
import { BANDS, binPositions, HOP } from '../engines/mini/bands.ts';
import { TimeVaryingFilter } from './filter.ts';
import { MinimumPhaseFilter } from './minimum-phase.ts';
import type { Kernels } from './module.ts';

type Gain = (frame: number, band: number) => number;

const rowsOf = (gain: Gain, frames: number) =>
  Float32Array.from({ length: frames * BANDS }, (_, i) => gain(Math.floor(i / BANDS), i % BANDS));

function filter(kernels: Kernels, samples: Float32Array, gain: Gain): Float32Array {
  const frames = Math.floor(samples.length / HOP);
  const gains = rowsOf(gain, frames + 1);
  const filter = new MinimumPhaseFilter(kernels, HOP, binPositions());
  const out = new Float32Array(frames * HOP);
  for (let frame = 0; frame <= frames; frame++) {
    const row = gains.subarray(frame * BANDS, (frame + 1) * BANDS);
    const piece = filter.next(samples, frame * HOP, row);
    if (frame > 0) out.set(piece, (frame - 1) * HOP);
  }
  filter.free();
  return out;
}

/** Level in dB of a sine of `hertz` in a signal at 16 kHz, from its tenth part on. */
function toneDecibels(samples: Float32Array, hertz: number): number {
  let [cosine, sine] = [0, 0];
  const from = Math.floor(samples.length / 10);
  for (let i = from; i < samples.length; i++) {
    cosine += (samples[i] as number) * Math.cos((2 * Math.PI * hertz * i) / 16000);
    sine += (samples[i] as number) * Math.sin((2 * Math.PI * hertz * i) / 16000);
  }
  return 20 * Math.log10((2 * Math.hypot(cosine, sine)) / (samples.length - from));
}

for (const build of builds) {
  describe(`minimum-phase filter, ${build} build`, () => {
    test('gives the signal back where no gain is asked for', async () => {
      const input = noise(8000);
      expect(
        snrDecibels(
          filter(await kernelsFor(build), input, () => 0),
          input,
        ),
      ).toBeGreaterThan(110);
    });

    test('has the magnitude that is asked for, as the zero-phase filter', async () => {
      const kernels = await kernelsFor(build);
      const gain: Gain = (_, band) => 1.5 * Math.cos(0.15 * band);
      for (const hertz of [200, 500, 1500, 4000]) {
        const tone = Float32Array.from({ length: 16000 }, (_, i) => 0.1 * Math.sin((2 * Math.PI * hertz * i) / 16000));
        const other = tone.slice();
        const zeroPhase = new TimeVaryingFilter(kernels, 512, HOP, BANDS, binPositions());
        zeroPhase.process(other, rowsOf(gain, 101));
        zeroPhase.finish(other);
        zeroPhase.free();
        expect(
          Math.abs(toneDecibels(filter(kernels, tone, gain), hertz) - toneDecibels(other, hertz)),
          `${hertz} Hz`,
        ).toBeLessThan(1);
      }
    });

    test('gives nothing before the sound comes, and most of it at once', async () => {
      const click = new Float32Array(3200);
      click[1600] = 1;
      const out = filter(await kernelsFor(build), click, (_, band) => Math.cos(0.2 * band));
      const energy = (from: number, end: number) =>
        out.subarray(from, end).reduce((sum, value) => sum + value * value, 0);
      expect(energy(0, 1600)).toBeLessThan(1e-3 * energy(1600, 3200));
      expect(energy(1600, 1600 + 32)).toBeGreaterThan(0.9 * energy(1600, 3200));
    });

    test('does not click where the gains jump', async () => {
      const tone = Float32Array.from({ length: 8000 }, (_, i) => Math.sin(0.1 * i));
      const out = filter(await kernelsFor(build), tone, (frame) => (frame < 25 ? 1 : -1));
      const bend = (i: number) => Math.abs((out[i] as number) - 2 * (out[i - 1] as number) + (out[i - 2] as number));
      const largest = Math.max(...Array.from({ length: 7000 }, (_, i) => bend(i + 500)));
      // The second difference of the louder tone is 0.01 · e.
      expect(largest).toBeLessThan(1.1 * 0.01 * Math.E);
    });
  });
}
