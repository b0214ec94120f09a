import { type AudioLimits, defaultLimits } from '#core/audio/limits.ts';
import type { FileContent, FileStore } from '../files/store.ts';
import type { SampleCatalogue } from '../samples.ts';
import type { AudioFile, VoiceFile } from './tasks.ts';

/** A recording, still unread. Throws `InputError('not-found')`. */
export async function openAudioFile(file: AudioFile, files: FileStore, samples: SampleCatalogue): Promise<FileContent> {
  return file.kind === 'sample' ? samples.open(file.id) : files.open(file.key);
}

/** The bytes of a recording. Throws `InputError('not-found')`. */
export async function readAudio(file: AudioFile, files: FileStore, samples: SampleCatalogue): Promise<Uint8Array> {
  return (await openAudioFile(file, files, samples)).bytes();
}

/** Names the content, so that equal recordings and equal profiles share what was computed of them. */
export function contentKey(file: VoiceFile): string {
  return file.kind === 'sample' ? file.id : file.sha256;
}

export function audioLimits(maxAudioSeconds: number): AudioLimits {
  return { ...defaultLimits, maxSeconds: maxAudioSeconds };
}
