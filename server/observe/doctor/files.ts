import { join } from 'node:path';
import { UnavailableError } from '#core/errors.ts';
import { parseManifest } from '#core/models/manifest.ts';
import { paths } from '../../paths.ts';
import { type Check, check } from './check.ts';

/** A file that a conversion needs. */
export interface FileFinding {
  readonly name: string;
  readonly state: 'good' | 'missing' | 'corrupt';
  readonly bytes: number;
  /** Hex; null for a missing file. */
  readonly sha256: string | null;
}

const kernels = ['kernels.simd.wasm', 'kernels.scalar.wasm'];

/** Looks at the kernels and at every model file of the manifest. Throws `UnavailableError('model-missing')` without a manifest. */
export async function examineFiles(modelFolder = paths.models): Promise<FileFinding[]> {
  const { models } = parseManifest(await readManifest(modelFolder));
  const modelFiles = models.flatMap((model) => model.files);
  return Promise.all([
    ...kernels.map((name) => examineFile(join(paths.kernels, name), name)),
    ...modelFiles.map(({ path, sha256 }) => examineFile(join(modelFolder, path), path, sha256)),
  ]);
}

/** What each file means for the product. */
export function checkFiles(files: readonly FileFinding[]): Check[] {
  return files.map(({ name, state, bytes, sha256 }) => {
    const about = `${bytes} B, sha256 ${sha256?.slice(0, 16)}…`;
    const finding = {
      missing: { vi: `${name}: thiếu`, en: `${name}: missing` },
      corrupt: { vi: `${name}: hỏng, ${about}`, en: `${name}: damaged, ${about}` },
      good: { vi: `${name}: ${about}`, en: `${name}: ${about}` },
    };
    const advice = kernels.includes(name)
      ? { vi: 'Hãy dựng lại: npm run build.', en: 'Build it again: npm run build.' }
      : {
          vi: 'Hãy lấy lại tệp này từ kho mã: git checkout -- models.',
          en: 'Get it from the repository again: git checkout -- models.',
        };
    return check(`file:${name}`, state === 'good' ? 'good' : 'bad', finding[state], advice);
  });
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
