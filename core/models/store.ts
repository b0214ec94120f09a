import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { UnavailableError } from '../errors.ts';
import type { Host } from '../host.ts';
import { Loaded } from '../loaded.ts';
import { type ModelFile, type ModelManifest, parseManifest } from './manifest.ts';

/** The models that come with the product, whose files are what the manifest says. */
export interface ModelStore {
  manifest(): Promise<ModelManifest>;
  /**
   * Bytes of a file below `models/`, checked by length and SHA-256. Throws `UnavailableError('model-missing')` for a file that is
   * not there or not in the manifest, `UnavailableError('model-corrupt')` for one that is not what it should be.
   */
  load(path: string): Promise<Uint8Array>;
}

/** Makes the store of a host. The manifest loads once, and again for a file that it did not name: models come while a server runs. */
export function createModelStore(host: Pick<Host, 'loadModel' | 'sha256'>): ModelStore {
  const manifest = new Loaded(async () => parseManifest(await host.loadModel('manifest.json')));
  const find = async (path: string): Promise<ModelFile | undefined> =>
    (await manifest.get()).models.flatMap((model) => model.files).find((known) => known.path === path);
  const fileAt = async (path: string): Promise<ModelFile | undefined> => {
    const known = await find(path);
    if (known) return known;
    await manifest.take();
    return find(path);
  };
  return {
    manifest: () => manifest.get(),
    async load(path) {
      const file = await fileAt(path);
      if (!file) throw new UnavailableError('model-missing', { name: path });
      const bytes = await host.loadModel(path);
      if (!(await isIntact(bytes, file, host))) throw new UnavailableError('model-corrupt', { name: path });
      return bytes;
    },
  };
}

async function isIntact(bytes: Uint8Array, file: ModelFile, host: Pick<Host, 'sha256'>): Promise<boolean> {
  if (bytes.length !== file.bytes) return false;
  return (await (host.sha256?.(bytes) ?? bytesToHex(sha256(bytes)))) === file.sha256;
}
