import { UnavailableError } from '#core/errors.ts';
import { kernelUrls, modelUrl } from './assets.ts';

/** A file below `models/`, over HTTP from where the app came from. Throws `UnavailableError`. */
export const loadModel = (path: string): Promise<Uint8Array> => fetchBytes(modelUrl(path), path);

/** A build of the kernels, likewise. */
export const loadKernelFile = (build: 'simd' | 'scalar'): Promise<Uint8Array> =>
  fetchBytes(kernelUrls[build], `kernels.${build}`);

async function fetchBytes(url: string | undefined, name: string): Promise<Uint8Array> {
  if (!url) throw new UnavailableError('model-missing', { name });
  try {
    const response = await fetch(url);
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
    return new Uint8Array(await response.arrayBuffer());
  } catch (cause) {
    throw new UnavailableError('model-missing', { name }, { cause });
  }
}
