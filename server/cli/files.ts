import { rename, rm, stat } from 'node:fs/promises';
import { GiongError } from '#core/errors.ts';
import { asStorageError } from '../files/local.ts';
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

/** Writes beside the goal and renames, so that a half-written result never bears its name. */
export async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  const partial = `${path}.${process.pid}.part`;
  try {
    await Bun.write(partial, bytes);
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true });
    const known = asStorageError(error);
    throw known instanceof GiongError ? known : new UsageError('--out');
  }
}
