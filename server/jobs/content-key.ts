import type { ModelManifest } from '#core/models/manifest.ts';
import { version } from '../paths.ts';
import { contentKey } from '../workers/open-audio.ts';
import type { AudioFile, VoiceFile } from '../workers/tasks.ts';

/** An engine as it is now: its id and the weights that it works with. */
export interface EnginePrint {
  readonly engine: string;
  /** SHA-256 of each weights file, hex. */
  readonly weights: readonly string[];
}

export function engineIn({ engines, models }: ModelManifest, engine: string): EnginePrint {
  const used = models.filter(({ id }) => engines[engine]?.includes(id));
  return { engine, weights: used.flatMap(({ files }) => files.map(({ sha256 }) => sha256)) };
}

/**
 * Names all that decides a result: the content of source and voice, engine with its weights, options and the program's version,
 * which brings kernels and samples. `options` is the checked request's, whose fields always come in the same order.
 */
export function resultKey(source: AudioFile, voice: VoiceFile, engine: EnginePrint, options: object): string {
  const parts = [version, contentKey(source), voice.kind, contentKey(voice), engine.engine, engine.weights, options];
  return new Bun.CryptoHasher('sha256').update(JSON.stringify(parts)).digest('hex');
}
