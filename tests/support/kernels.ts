import { join } from 'node:path';
import { type Kernels, type KernelsBuild, loadKernels } from '#core/kernels/module.ts';

/** Both builds: every kernel test runs on each. */
export const builds = ['simd', 'scalar'] as const;

/** A fresh instance of a build, with memory of its own. Needs `wasm/build.ts` to have run. */
export function kernelsFor(build: KernelsBuild): Promise<Kernels> {
  const folder = join(import.meta.dir, '../../wasm/build');
  return loadKernels({ loadKernels: (name) => Bun.file(join(folder, `kernels.${name}.wasm`)).bytes() }, build);
}
