import { createFbank, type FbankFeatures } from '../engines/seed-vc/front-ends/fbank.ts';
import type { Host } from '../host.ts';
import type { InferenceSession } from '../inference/runtime.ts';
import { loadKernels } from '../kernels/module.ts';

/** CAM++ (3D-Speaker; Wang et al. 2023) with its front end: from speech to a point in the space of speakers. */
export class SpeakerNetwork {
  readonly #fbank: (samples16k: Float32Array) => FbankFeatures;
  readonly #session: InferenceSession;

  constructor(fbank: (samples16k: Float32Array) => FbankFeatures, session: InferenceSession) {
    this.#fbank = fbank;
    this.#session = session;
  }

  /** Throws `UnavailableError('model-missing' | 'model-corrupt')`. */
  static async load(host: Host): Promise<SpeakerNetwork> {
    const fbank = createFbank(await loadKernels(host));
    return new SpeakerNetwork(fbank, await host.runtime.createSession(await host.loadModel('campplus/network.onnx')));
  }

  /** Embedding of mono speech at 16 kHz, at least half a second: 192 numbers of any length as a vector. */
  async embed(samples16k: Float32Array): Promise<Float32Array> {
    const { data, frames, bands } = this.#fbank(samples16k);
    const { embedding } = await this.#session.run({ features: { dims: [1, frames, bands], data } });
    if (!(embedding?.data instanceof Float32Array)) throw new Error('CAM++ gave no embedding');
    return embedding.data;
  }

  dispose(): Promise<void> {
    return this.#session.release();
  }
}
