import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { UnavailableError } from '#core/errors.ts';
import { type Model, type ModelManifest, parseManifest } from '#core/models/manifest.ts';
import { replaceFile } from '../files/replace-file.ts';
import { paths } from '../paths.ts';
import { installedFolder } from './find-file.ts';
import { FolderLock } from './lock.ts';

const fileName = 'manifest.json';

/**
 * All models that are known here: those of the program's manifest, and those that were brought into the data folder with a
 * description of their own. Throws `UnavailableError('model-missing' | 'model-corrupt')`.
 */
export async function readManifest(dataFolder: string | undefined, embedded = paths.models): Promise<ModelManifest> {
  const bytes = await Bun.file(join(embedded, fileName))
    .bytes()
    .catch((cause: unknown) => {
      throw new UnavailableError('model-missing', { name: fileName }, { cause });
    });
  const manifest = parseManifest(bytes);
  const brought = dataFolder === undefined ? [] : await readBrought(dataFolder);
  const own = new Set(manifest.models.map(({ id }) => id));
  return { ...manifest, models: [...manifest.models, ...brought.filter(({ id }) => !own.has(id))] };
}

/** Changes whenever models are noted or forgotten. */
export async function manifestVersion(dataFolder: string): Promise<string> {
  const info = await stat(fileIn(dataFolder)).catch(() => undefined);
  return info ? `${info.size} ${info.mtimeMs} ${info.ino}` : '';
}

/** Notes a model that the program's manifest does not know, in the place of an earlier one of the same id. */
export async function noteModel(dataFolder: string, model: Model): Promise<void> {
  await change(dataFolder, (models) => [...models.filter(({ id }) => id !== model.id), model]);
}

export async function forgetModel(dataFolder: string, model: Model): Promise<void> {
  await change(dataFolder, (models) => models.filter(({ id }) => id !== model.id));
}

async function change(dataFolder: string, edit: (models: readonly Model[]) => readonly Model[]): Promise<void> {
  using _ = await FolderLock.take(join(installedFolder(dataFolder), '.locks', 'manifest'));
  const before = await readBrought(dataFolder);
  const after = edit(before);
  if (before.length === 0 && after.length === 0) return;
  const manifest: ModelManifest = { version: 1, engines: {}, models: after };
  await replaceFile(fileIn(dataFolder), new TextEncoder().encode(JSON.stringify(manifest)));
}

async function readBrought(dataFolder: string): Promise<readonly Model[]> {
  const file = Bun.file(fileIn(dataFolder));
  return (await file.exists()) ? parseManifest(await file.bytes()).models : [];
}

function fileIn(dataFolder: string): string {
  return join(installedFolder(dataFolder), fileName);
}
