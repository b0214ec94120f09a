import { version } from '../paths.ts';
import { contentKey } from '../workers/open-audio.ts';
import type { AudioFile, VoiceFile } from '../workers/tasks.ts';

/**
 * Names all that decides a result: the content of source and voice, engine, options and the program's version, which brings
 * engines and samples. `options` is the checked request's, whose fields always come in the same order.
 */
export function resultKey(source: AudioFile, voice: VoiceFile, engine: string, options: object): string {
  const parts = [version, contentKey(source), voice.kind, contentKey(voice), engine, options];
  return new Bun.CryptoHasher('sha256').update(JSON.stringify(parts)).digest('hex');
}
