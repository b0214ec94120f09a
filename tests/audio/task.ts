import { decodeAudio } from '#core/audio/decode.ts';
import { denoiseInPlace } from '#core/audio/denoise.ts';
import { encodeAudio, type OutputFormat } from '#core/audio/encode.ts';
import { loadKernels } from '#core/kernels/module.ts';

/** Something to do with the recording at `base + file`; kernels are at `base`. */
export interface AudioTask {
  readonly base: string;
  readonly file: string;
  readonly step: 'nothing' | 'denoise' | OutputFormat;
}

/** Decodes, and does what is asked with the sound. The result is samples (f32) or a file. The same in every host. */
export async function runTask({ base, file, step }: AudioTask): Promise<Uint8Array> {
  const load = async (name: string) => new Uint8Array(await (await fetch(`${base}${name}`)).arrayBuffer());
  const { audio } = await decodeAudio(await load(file));
  if (step === 'denoise') {
    const kernels = await loadKernels({ loadKernels: (build) => load(`kernels.${build}.wasm`) });
    await denoiseInPlace(audio, 1, kernels);
  } else if (step !== 'nothing') {
    return encodeAudio(audio, { format: step });
  }
  const { samples } = audio;
  return new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
}
