/** `npm run bench`: every benchmark, one after the other; `npm run bench -- NAME [arguments]`: one of them. */
import { join } from 'node:path';

const benchmarks = ['kernels', 'convert', 'quality', 'http', 'load', 'seed-vc', 'hift', 'first-screen', 'live'];

const [name, ...rest] = process.argv.slice(2);
if (name !== undefined && !benchmarks.includes(name)) {
  console.error(`usage: npm run bench [-- ${benchmarks.join('|')} [arguments]]`);
  process.exit(2);
}

let failed = false;
for (const benchmark of name === undefined ? benchmarks : [name]) {
  const script = join(import.meta.dir, benchmark, 'index.ts');
  const child = Bun.spawn([process.execPath, script, ...rest], { stdout: 'inherit', stderr: 'inherit' });
  failed = (await child.exited) !== 0 || failed;
}
process.exit(failed ? 1 : 0);
