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

/** Makes the store of a host. The manifest loads once; a failed load is forgotten. */
export function createModelStore(host: Pick<Host, 'loadModel'>): ModelStore {
  const manifest = new Loaded(async () => parseManifest(await host.loadModel('manifest.json')));
  return {
    manifest: () => manifest.get(),
    async load(path) {
      const { models } = await manifest.get();
      const file = models.flatMap((model) => model.files).find((known) => known.path === path);
      if (!file) throw new UnavailableError('model-missing', { name: path });
      const bytes = await host.loadModel(path);
      if (!isIntact(bytes, file)) throw new UnavailableError('model-corrupt', { name: path });
      return bytes;
    },
  };
}

function isIntact(bytes: Uint8Array, file: ModelFile): boolean {
  return bytes.length === file.bytes && bytesToHex(sha256(bytes)) === file.sha256;
}
