import { availableParallelism, freemem, totalmem } from 'node:os';
import { join } from 'node:path';
import { UnavailableError } from '#core/errors.ts';
import { parseManifest } from '#core/models/manifest.ts';
import { paths, version } from '../paths.ts';

/** A file that a conversion needs. */
export interface FileFinding {
  readonly name: string;
  readonly state: 'good' | 'missing' | 'corrupt';
  readonly bytes: number;
  /** Hex; null for a missing file. */
  readonly sha256: string | null;
}

export interface Findings {
  readonly versions: { readonly giong: string; readonly bun: string; readonly platform: string };
  readonly cores: number;
  readonly memory: { readonly totalBytes: number; readonly freeBytes: number };
  /** Whether WebAssembly SIMD runs here. */
  readonly simd: boolean;
  readonly files: readonly FileFinding[];
}

const kernels = ['kernels.simd.wasm', 'kernels.scalar.wasm'];

/** The smallest module with a vector instruction: `(func (result v128) i32.const 0 i8x16.splat)`. */
const simdProbe = Uint8Array.of(
  ...[0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 8, 1, 6, 0, 65, 0, 253, 15, 11],
);

/** Looks at what this machine has of all that a conversion needs: the kernels, and every model file of the manifest. */
export async function examine(modelFolder = paths.models): Promise<Findings> {
  const { models } = parseManifest(await readManifest(modelFolder));
  const modelFiles = models.flatMap((model) => model.files);
  return {
    versions: { giong: version, bun: Bun.version, platform: `${process.platform}-${process.arch}` },
    cores: availableParallelism(),
    memory: { totalBytes: totalmem(), freeBytes: freemem() },
    simd: WebAssembly.validate(simdProbe),
    files: await Promise.all([
      ...kernels.map((name) => examineFile(join(paths.kernels, name), name)),
      ...modelFiles.map(({ path, sha256 }) => examineFile(join(modelFolder, path), path, sha256)),
    ]),
  };
}

async function readManifest(folder: string): Promise<Uint8Array> {
  try {
    return await Bun.file(join(folder, 'manifest.json')).bytes();
  } catch (cause) {
    throw new UnavailableError('model-missing', { name: 'manifest.json' }, { cause });
  }
}

async function examineFile(path: string, name: string, expected?: string): Promise<FileFinding> {
  const file = Bun.file(path);
  if (!(await file.exists())) return { name, state: 'missing', bytes: 0, sha256: null };
  const sha256 = new Bun.CryptoHasher('sha256').update(await file.bytes()).digest('hex');
  const state = expected === undefined || sha256 === expected ? 'good' : 'corrupt';
  return { name, state, bytes: file.size, sha256 };
}
