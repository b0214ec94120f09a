import type { InferenceSession } from '../../inference/runtime.ts';
import type { Kernels } from '../../kernels/module.ts';
import type { Report } from './content.ts';
import { RMVPE_BANDS, RmvpeMel } from './front-ends/rmvpe.ts';
import { pitchOf, SALIENCE_BINS } from './pitch.ts';
import { columns, runGraph, tensor } from './tensors.ts';

/** Frames that the network hears at once, a multiple of 32 (61 s): memory grows with them. Its neighbourhood is some seconds. */
const WINDOW_FRAMES = 6144;
const MARGIN_FRAMES = 512;

/** Pitch by RMVPE: 100 frames a second. */
export class RmvpeTracker {
  readonly #session: InferenceSession;
  readonly #mel: RmvpeMel;

  constructor(session: InferenceSession, kernels: Kernels) {
    this.#session = session;
    this.#mel = new RmvpeMel(kernels);
  }

  /** Hz at each frame of a recording at 16 kHz, 0 where unvoiced. */
  async track(samples: Float32Array, report: Report): Promise<Float32Array> {
    const frames = this.#mel.frameCount(samples.length);
    const mel = this.#mel.compute(samples);
    const available = mel.length / RMVPE_BANDS;
    const pitch = new Float32Array(available);
    const step = WINDOW_FRAMES - 2 * MARGIN_FRAMES;
    for (let start = 0; ; start += step) {
      const end = Math.min(available, start + WINDOW_FRAMES);
      const feeds = { mel: tensor(columns(mel, RMVPE_BANDS, start, end), 1, RMVPE_BANDS, end - start) };
      const { data } = await runGraph(this.#session, feeds, 'salience');
      const skipped = start === 0 ? 0 : MARGIN_FRAMES;
      pitch.set(pitchOf(data.subarray(skipped * SALIENCE_BINS)), start + skipped);
      await report(end / available);
      if (end === available) return pitch.slice(0, frames);
    }
  }

  free(): void {
    this.#mel.dispose();
  }
}
