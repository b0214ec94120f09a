import { join } from 'node:path';
import type { Audio } from '#core/audio/audio.ts';
import { decodeAudio } from '#core/audio/decode.ts';

const folder = join(import.meta.dir, '../../samples');

/** A recording of `samples/`, decoded; `path` such as `voices/1688.flac`. */
export async function readSample(path: string): Promise<Audio> {
  return (await decodeAudio(await Bun.file(join(folder, path)).bytes())).audio;
}
