import type { Control } from '../engines/engine.ts';
import { createPace } from '../engines/pace.ts';
import type { Kernels } from '../kernels/module.ts';
import { createResampler, type Resampler } from '../kernels/resample.ts';
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
  const denoiser = await Denoiser.create(sampleRate, amount, kernels);
  let written = 0;
  // What comes out is never ahead of what went in.
  const write = (piece: Float32Array) => {
    samples.set(piece, written);
    written += piece.length;
  };
  try {
    for (let start = 0; start < samples.length; start += pieceSamples) {
      await pace('denoise', start / samples.length);
      write(denoiser.push(samples.subarray(start, start + pieceSamples)));
    }
    write(denoiser.flush());
  } finally {
    denoiser.dispose();
  }
}

/** The same for sound that comes piece by piece: as much comes out as went in, a little later. */
export class Denoiser {
  /** Makes a denoiser for one recording; see `denoiseInPlace`. */
  static async create(sampleRate: number, amount: number, kernels: Kernels): Promise<Denoiser> {
    return new Denoiser(await createNoiseFilter(), sampleRate, amount, kernels);
  }

  private readonly noise: NoiseFinder;
  private readonly toFilter: Resampler;
  private readonly fromFilter: Resampler;
  /** Sound whose noise is not known yet. */
  private waiting = new Float32Array(0);

  private constructor(
    private readonly filter: NoiseFilter,
    sampleRate: number,
    private readonly amount: number,
    kernels: Kernels,
  ) {
    this.noise = new NoiseFinder(filter);
    this.toFilter = createResampler(kernels, sampleRate, rnnoiseRate);
    this.fromFilter = createResampler(kernels, rnnoiseRate, sampleRate);
  }

  push(samples: Float32Array): Float32Array {
    const waiting = new Float32Array(this.waiting.length + samples.length);
    waiting.set(this.waiting);
    waiting.set(samples, this.waiting.length);
    this.waiting = waiting;
    return this.subtract(this.fromFilter.push(this.noise.push(this.toFilter.push(samples))));
  }

  /** The rest. No calls but `dispose` afterwards. */
  flush(): Float32Array {
    const parts = [
      this.subtract(this.fromFilter.push(this.noise.push(this.toFilter.flush()))),
      this.subtract(this.fromFilter.push(this.noise.flush())),
      this.subtract(this.fromFilter.flush()),
    ];
    const rest = new Float32Array(parts.reduce((sum, part) => sum + part.length, this.waiting.length));
    let at = 0;
    for (const part of [...parts, this.waiting]) {
      rest.set(part, at);
      at += part.length;
    }
    return rest;
  }

  dispose(): void {
    this.filter.dispose();
    this.toFilter.dispose();
    this.fromFilter.dispose();
  }

  /** The waiting sound without the noise that was found of it. */
  private subtract(noise: Float32Array): Float32Array {
    const known = this.waiting.slice(0, noise.length);
    for (let i = 0; i < known.length; i++) known[i] = (known[i] ?? 0) - this.amount * (noise[i] ?? 0);
    this.waiting = this.waiting.slice(known.length);
    return known;
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
