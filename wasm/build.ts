/**
 * Compiles the kernels twice from the same sources: `build/kernels.simd.wasm` and `build/kernels.scalar.wasm`.
 * Does nothing when both are newer than every source; `--force` builds anyway.
 */
import { mkdirSync, readdirSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import asc from 'assemblyscript/asc';

const folder = import.meta.dir;
const builds = { simd: ['--enable', 'simd'], scalar: [] } as const;

function modified(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

function newestSource(): number {
  const sources = readdirSync(join(folder, 'assembly'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(folder, 'assembly', name));
  return Math.max(modified(import.meta.path), ...sources.map(modified));
}

async function compile(name: keyof typeof builds): Promise<void> {
  const output = join('build', `kernels.${name}.wasm`);
  // Written beside its place and moved there whole: a reader never sees half a module.
  const partial = `${output}.${process.pid}`;
  const { error, stderr } = await asc.main(
    [
      'assembly/index.ts',
      ...['--baseDir', folder, '--outFile', partial],
      ...['--optimizeLevel', '3', '--shrinkLevel', '0', '--converge', '--noAssert'],
      // No allocator, no collector, no imports: memory belongs to the caller.
      ...['--runtime', 'stub', '--use', 'abort=', ...builds[name]],
    ],
    {},
  );
  if (error) {
    process.stderr.write(`${stderr.toString()}\n${error.message}\n`);
    process.exit(1);
  }
  renameSync(join(folder, partial), join(folder, output));
  console.log(
    `built wasm/${output} (${(modified(join(folder, output)) && statSync(join(folder, output)).size) / 1000} kB)`,
  );
}

const newest = newestSource();
const stale = (Object.keys(builds) as (keyof typeof builds)[]).filter(
  (name) => process.argv.includes('--force') || modified(join(folder, 'build', `kernels.${name}.wasm`)) < newest,
);
if (stale.length > 0) mkdirSync(join(folder, 'build'), { recursive: true });
for (const name of stale) await compile(name);
