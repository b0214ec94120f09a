import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { defaultDataFolder } from '../paths.ts';

/** Flag of the commands that look into the data folder. */
export interface DataFlag {
  readonly data?: string;
}

/** The data folder, as `giong serve` finds it; without the rest of the configuration, which takes long to load. */
export function dataFolderOf({ data }: DataFlag): string {
  return resolve(data ?? (process.env.GIONG_DATA || defaultDataFolder));
}

/** Where the command line keeps its own voices: in the data folder when one is named, else with the user's other data. */
export function voiceFolderOf({ data }: DataFlag): string {
  const named = data ?? (process.env.GIONG_DATA || undefined);
  if (named !== undefined) return join(resolve(named), 'voices');
  return join(process.env.XDG_DATA_HOME || join(homedir(), '.local', 'share'), 'giong', 'voices');
}
