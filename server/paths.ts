import { join } from 'node:path';
import packageFile from '../package.json' with { type: 'json' };

/** Folders of the program itself; what users bring lies in the data folder of the configuration. */
const root = join(import.meta.dir, '..');

/** The data folder when none is named, in the current folder. */
export const defaultDataFolder = 'data';

export const paths = {
  client: join(root, 'client', 'dist'),
  /** An installation may keep the models elsewhere, with a manifest of its own. */
  models: process.env.GIONG_MODELS || join(root, 'models'),
  kernels: join(root, 'wasm', 'build'),
  samples: join(root, 'samples'),
} as const;

export const version = packageFile.version;
