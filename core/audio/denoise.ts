import type { Control } from '../engines/engine.ts';
import { createPace } from '../engines/pace.ts';
import type { Kernels } from '../kernels/module.ts';
import { createResampler } from '../kernels/resample.ts';
import type { Audio } from './audio.ts';
import { createNoiseFilter, type NoiseFilter, rnnoiseDelay, rnnoiseFrame, rnnoiseRate } from './rnnoise.ts';

/** Input samples per step: memory stays the same however long the recording is. */
const pieceSamples = 2 ** 14;

/**
 * Takes noise out of speech with RNNoise, in place. `amount`: 0 leaves the sound as it is, 1 takes away all that RNNoise takes
 * for noise. Works at any rate: what is to be removed is found at 48 kHz, brought to the rate of the sound, and subtracted, so
 * that nothing else changes and nothing moves in time. Throws `CancelledError`; the samples are then partly changed.
 */
export async function denoiseInPlace(
  { samples, sampleRate }: Audio,
  amount: number,
  kernels: Kernels,
  control: Control = {},
): Promise<void> {
  if (amount === 0) return;
  const pace = createPace({ denoise: 1 }, control);
  const toFilter = createResampler(kernels, sampleRate, rnnoiseRate);
  const fromFilter = createResampler(kernels, rnnoiseRate, sampleRate);
  const filter = await createNoiseFilter();
  const noise = new NoiseFinder(filter);
  let subtracted = 0;
  const subtract = (removed: Float32Array) => {
    const count = Math.min(removed.length, samples.length - subtracted);
    for (let i = 0; i < count; i++) {
      samples[subtracted + i] = (samples[subtracted + i] ?? 0) - amount * (removed[i] ?? 0);
    }
    subtracted += count;
  };

  try {
    for (let start = 0; start < samples.length; start += pieceSamples) {
      await pace('denoise', start / samples.length);
      const piece = toFilter.push(samples.subarray(start, start + pieceSamples));
      subtract(fromFilter.push(noise.push(piece)));
    }
    subtract(fromFilter.push(noise.push(toFilter.flush())));
    subtract(fromFilter.push(noise.flush()));
    subtract(fromFilter.flush());
  } finally {
    filter.dispose();
    toFilter.dispose();
    fromFilter.dispose();
  }
}

/** Cuts a stream of 48 kHz into frames and gives, for each, input minus filtered output, at the time of the input. */
class NoiseFinder {
  private readonly frame = new Float32Array(rnnoiseFrame);
  private filled = 0;
  /** The last frame's input, for which the filter's answer comes with the next frame. */
  private before = new Float32Array(rnnoiseDelay);
  private started = false;

  constructor(private readonly filter: NoiseFilter) {}

  push(samples: Float32Array): Float32Array {
    const out = new Float32Array(this.frame.length + samples.length);
    let given = 0;
    for (let taken = 0; taken < samples.length; ) {
      const count = Math.min(rnnoiseFrame - this.filled, samples.length - taken);
      this.frame.set(samples.subarray(taken, taken + count), this.filled);
      this.filled += count;
      taken += count;
      if (this.filled === rnnoiseFrame) given += this.finishFrame(out.subarray(given));
    }
    return out.subarray(0, given);
  }

  /** The rest, as if silence followed. */
  flush(): Float32Array {
    return this.push(new Float32Array(2 * rnnoiseFrame - this.filled));
  }

  /** Filters the full frame and writes the noise of the one before it; returns the number of samples written. */
  private finishFrame(out: Float32Array): number {
    const input = this.frame.slice();
    this.filter.processInPlace(this.frame);
    this.filled = 0;
    const known = this.started;
    if (known) for (let i = 0; i < rnnoiseFrame; i++) out[i] = (this.before[i] ?? 0) - (this.frame[i] ?? 0);
    this.before = input;
    this.started = true;
    return known ? rnnoiseFrame : 0;
  }
}
