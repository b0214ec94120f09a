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

/** Writes a result whole or not at all. Throws `UsageError` for a place where nothing can be written. */
export async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  await replaceFile(path, bytes).catch((error: unknown) => {
    throw error instanceof GiongError ? error : new UsageError('--out');
  });
}
