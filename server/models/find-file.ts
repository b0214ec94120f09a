import { join } from 'node:path';
import { paths } from '../paths.ts';

/** Where downloaded models lie, each file at its path of the manifest. */
export function installedFolder(dataFolder: string): string {
  return join(dataFolder, 'models');
}

/** Where a file of a model is: in the program's folder, else where it would have been downloaded to. */
export async function findModelFile(path: string, dataFolder: string | undefined): Promise<string> {
  const embedded = join(paths.models, path);
  if (dataFolder === undefined || (await Bun.file(embedded).exists())) return embedded;
  return join(installedFolder(dataFolder), path);
}
