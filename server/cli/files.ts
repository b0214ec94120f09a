import { stat } from 'node:fs/promises';
import { GiongError } from '#core/errors.ts';
import { replaceFile } from '../files/replace-file.ts';
import { paths } from '../paths.ts';
import { SampleCatalogue } from '../samples.ts';
import { about, UsageError } from './outcome.ts';

/** A file, still unread; failing that, the sample with this id. Throws `InputError('not-found')`. */
export async function findRecording(pathOrId: string): Promise<Blob> {
  const file = Bun.file(pathOrId);
  if (await file.exists()) return file;
  const samples = await SampleCatalogue.load(paths.samples);
  return about(pathOrId, (async () => samples.open(pathOrId))());
}

export async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (info) => info.isDirectory(),
    () => false,
  );
}

/**
 * Writes a file part by part beside the goal and renames it, so that a half-written result never bears its name. Gives its bytes.
 * Throws what the parts throw.
 */
export async function writeWhole(
  path: string,
  parts: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): Promise<number> {
  const content = new WatchedParts(parts);
  try {
    return (await replaceFile(path, content)).bytes;
  } catch (error) {
    if (content.failed) throw error;
    return about(path, Promise.reject(error instanceof GiongError ? error : new UsageError('--out')));
  }
}

/** Tells whether it was the parts that failed, and not their writing. */
class WatchedParts implements AsyncIterable<Uint8Array> {
  failed = false;

  constructor(private readonly parts: AsyncIterable<Uint8Array> | Iterable<Uint8Array>) {}

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    try {
      yield* this.parts;
    } catch (error) {
      this.failed = true;
      throw error;
    }
  }
}
