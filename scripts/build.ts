/** Builds what is missing or out of date: the kernels, and with `--client` the web app. */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { buildServiceWorker } from './build-service-worker.ts';
import { precompress } from './precompress.ts';

const root = join(import.meta.dir, '..');

/** Modification time in ms of the newest file below `paths`, 0 when there is none. */
function newest(...paths: string[]): number {
  return Math.max(
    0,
    ...paths.map((path) => {
      const info = statSync(path, { throwIfNoEntry: false });
      if (!info) return 0;
      return info.isDirectory() ? newest(...readdirSync(path).map((entry) => join(path, entry))) : info.mtimeMs;
    }),
  );
}

async function run(...command: string[]): Promise<void> {
  const child = Bun.spawn([process.execPath, ...command], { cwd: root, stdout: 'inherit', stderr: 'inherit' });
  const code = await child.exited;
  if (code !== 0) process.exit(code);
}

await run('wasm/build.ts');

if (process.argv.includes('--client')) {
  const sources = [
    'client/src',
    'client/public',
    'client/index.html',
    'client/vite.config.ts',
    'scripts/build-service-worker.ts',
    'scripts/precompress.ts',
    'core',
    'models',
    'samples',
    'bun.lock',
    'wasm/build',
  ];
  // The last file to be written: a build that was cut off is done again.
  const built = statSync(join(root, 'client/dist/sw.js'), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  if (built < newest(...sources.map((path) => join(root, path)))) {
    await run('--bun', 'x', 'vite', 'build', 'client', '--logLevel', 'warn');
    await precompress(join(root, 'client/dist'));
    await buildServiceWorker(join(root, 'client/dist'));
  }
}
