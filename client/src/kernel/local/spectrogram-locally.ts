import { decodeAudio } from '#core/audio/decode.ts';
import type { Control } from '#core/engines/engine.ts';
import { loadKernels } from '#core/kernels/module.ts';
import type { Spectrogram } from '../spectrogram.ts';
import { loadKernelFile } from './files.ts';
import { spectrogramOf } from './spectrogram-of.ts';

/** The spectrogram of a file. Its kernels are its own and gone with it: a long recording's memory goes back. */
export async function spectrogramLocally(file: ArrayBuffer, control: Control): Promise<Spectrogram> {
  const { audio } = await decodeAudio(new Uint8Array(file), control);
  return spectrogramOf(audio, await loadKernels({ loadKernels: loadKernelFile }));
}
