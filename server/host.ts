import { join } from 'node:path';
import { UnavailableError } from '#core/errors.ts';
import type { Host } from '#core/host.ts';
import { createInferenceRuntime, type RuntimeChoice } from './inference.ts';
import { findModelFile } from './models/find-file.ts';

const projectRoot = join(import.meta.dir, '..');

export interface BunHostOptions {
  /** Threads of the neural networks; servers run one conversion per core, so 1 is right for them. */
  readonly threads?: number;
  readonly runtime?: RuntimeChoice;
  /** Where downloaded models are, besides those of the program. */
  readonly dataFolder?: string | undefined;
}

/** The host of a Bun process or Bun Worker: files from the project's folders, the fastest ONNX Runtime that is installed. */
export async function createBunHost({ threads = 1, runtime = 'auto', dataFolder }: BunHostOptions = {}): Promise<Host> {
  return {
    runtime: await createInferenceRuntime(runtime, threads),
    loadModel: async (path) => readBytes(await findModelFile(path, dataFolder), path),
    loadKernels: (build) => readBytes(join(projectRoot, 'wasm', 'build', `kernels.${build}.wasm`), `kernels.${build}`),
    releaseMemory: () => Bun.gc(true),
  };
}

async function readBytes(file: string, name: string): Promise<Uint8Array> {
  try {
    return await Bun.file(file).bytes();
  } catch (cause) {
    throw new UnavailableError('model-missing', { name }, { cause });
  }
}
