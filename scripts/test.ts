/** Runs the static checks and every test, and closes with the line `N passed, N failed`. Arguments go to `bun test`. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dir, '..');
const arguments_ = process.argv.slice(2);
const wholeSuite = arguments_.length === 0;

async function run(...command: string[]): Promise<number> {
  return Bun.spawn([process.execPath, ...command], { cwd: root, stdout: 'inherit', stderr: 'inherit' }).exited;
}

const checksFailed = wholeSuite && (await run('scripts/check.ts')) !== 0;

const folder = mkdtempSync(join(tmpdir(), 'giong-test-'));
const report = join(folder, 'report.xml');
// Each file has a global object of its own: what one loads or leaves behind cannot help or harm another.
const code = await run(
  'test',
  '--isolate',
  // Beside each other, as many as two cores bear: the tests wait for other programs half of the time.
  '--parallel=2',
  '--timeout=120000',
  '--reporter=junit',
  `--reporter-outfile=${report}`,
  ...arguments_,
);
const summary = /<testsuites[^>]*>/.exec(readFileSync(report, 'utf8'))?.[0] ?? '';
rmSync(folder, { recursive: true });

const count = (name: string) => Number(new RegExp(`\\b${name}="(\\d+)"`).exec(summary)?.[1] ?? 0);
const [tests, failures, skipped] = [count('tests'), count('failures'), count('skipped')];
const passed = tests - failures - skipped;
// A crash outside any test leaves no failure in the report, yet is one.
const failed = Math.max(failures, code === 0 ? 0 : 1) + (checksFailed ? 1 : 0);
console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
process.exit(failed > 0 || tests === 0 ? 1 : 0);
