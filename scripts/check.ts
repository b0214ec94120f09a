/** The static checks: format, lint and import directions (Biome), types (tsc), unused code and packages (knip). */
import { join } from 'node:path';

const root = join(import.meta.dir, '..');
const checks = [['biome', 'check', '.'], ['tsc', '-b'], ['knip']];

let failed = false;
for (const check of checks) {
  const child = Bun.spawn([process.execPath, 'x', ...check], { cwd: root, stdout: 'inherit', stderr: 'inherit' });
  const code = await child.exited;
  console.log(`${code === 0 ? '✓' : '✗'} ${check.join(' ')}`);
  failed ||= code !== 0;
}
process.exit(failed ? 1 : 0);
