import { join } from 'node:path';
import { UnavailableError } from '#core/errors.ts';
import type { Host } from '#core/host.ts';
import { createInferenceRuntime, type RuntimeChoice, warmInference } from './inference.ts';
import { findModelFile } from './models/find-file.ts';
import { readManifest } from './models/manifest.ts';

const projectRoot = join(import.meta.dir, '..');

export interface BunHostOptions {
  /** Threads of the neural networks; servers run one conversion per core, so 1 is right for them. */
  readonly threads?: number;
  readonly runtime?: RuntimeChoice;
  /** Where downloaded models are, besides those of the program. */
  readonly dataFolder?: string | undefined;
  /** Begin to load ONNX Runtime at once, not with the first model: right where a conversion is sure to follow. */
  readonly warm?: boolean;
}

/** The host of a Bun process or Bun Worker: files from the project's folders, the fastest ONNX Runtime that is installed. */
export async function createBunHost(options: BunHostOptions = {}): Promise<Host> {
  const { threads = 1, runtime: choice = 'auto', dataFolder, warm = false } = options;
  const runtime = await createInferenceRuntime(choice, threads);
  if (warm) warmInference(runtime);
  return {
    runtime,
    loadModel: async (path) =>
      path === 'manifest.json' ? manifestBytes(dataFolder) : readBytes(await findModelFile(path, dataFolder), path),
    loadKernels: (build) => readBytes(join(projectRoot, 'wasm', 'build', `kernels.${build}.wasm`), `kernels.${build}`),
    sha256: (bytes) => new Bun.CryptoHasher('sha256').update(bytes).digest('hex'),
    releaseMemory: () => Bun.gc(true),
  };
}

/** The program's manifest, and what was brought into the data folder. */
async function manifestBytes(dataFolder: string | undefined): Promise<Uint8Array> {
  return new TextEncoder().encode(JSON.stringify(await readManifest(dataFolder)));
}

async function readBytes(file: string, name: string): Promise<Uint8Array> {
  try {
    return await Bun.file(file).bytes();
  } catch (cause) {
    throw new UnavailableError('model-missing', { name }, { cause });
  }
}
