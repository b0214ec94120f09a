// One way in for every npm script, in plain Node so that a machine with only Node.js and npm can start.
// Finds the pinned Bun (through npx the first time), installs and builds what is missing, then hands over.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const cache = join(root, 'node_modules', '.cache', 'giong');
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

/** What each script runs under Bun, and what must be built before it. */
const tasks = {
  start: { build: ['--client'], run: ['server/cli/main.ts', 'serve'] },
  giong: { build: [], run: ['server/cli/main.ts'], staysInCallersFolder: true },
  build: { build: ['--client'] },
  test: { build: ['--client'], run: ['scripts/test.ts'] },
  check: { build: [], run: ['scripts/check.ts'] },
  bench: { build: ['--client'], run: ['bench/index.ts'] },
};

const [name, ...rest] = process.argv.slice(2);
const task = tasks[name];
if (!task) {
  console.error(`usage: npm run <${Object.keys(tasks).join('|')}> [-- arguments]`);
  process.exit(2);
}

const bun = findBun();
install();
step([join(root, 'scripts', 'build.ts'), ...task.build]);
if (task.run) handOver();

/** Path of the pinned Bun: remembered from the last time, else fetched by npx into npm's own cache. */
function findBun() {
  const version = manifest.config.bun;
  const remembered = join(cache, `bun-${version}`);
  if (existsSync(remembered)) {
    const path = readFileSync(remembered, 'utf8');
    if (existsSync(path)) return path;
  }
  say(`Lấy Bun ${version} · fetching Bun ${version} …`);
  const found = spawnSync('npx', ['--yes', `bun@${version}`, '-e', '"console.log(process.execPath)"'], {
    shell: true,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    // npx must be allowed to run bun's own install step, which puts its binary in place.
    env: { ...process.env, npm_config_ignore_scripts: 'false' },
  });
  const path = found.stdout?.trim().split('\n').at(-1) ?? '';
  if (found.status !== 0 || !existsSync(path)) {
    say(`Không lấy được Bun ${version} qua npx · could not get Bun ${version} through npx.`);
    process.exit(1);
  }
  mkdirSync(cache, { recursive: true });
  writeFileSync(remembered, path);
  return path;
}

/** Installs the locked dependencies, without their scripts, unless that was done for this very lockfile. */
function install() {
  const stampFile = join(cache, 'installed');
  const stamp = createHash('sha256')
    .update(readFileSync(join(root, 'bun.lock')))
    .update(manifest.config.bun)
    .digest('hex');
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return;
  say('Cài các gói phụ thuộc · installing dependencies …');
  step(['install', '--frozen-lockfile', '--ignore-scripts']);
  mkdirSync(cache, { recursive: true });
  writeFileSync(stampFile, stamp);
}

/** Runs Bun to its end with its output on stderr, so that stdout stays the task's own; stops here when it fails. */
function step(args) {
  const { status } = spawnSync(bun, args, { cwd: root, stdio: ['ignore', process.stderr, process.stderr] });
  if (status !== 0) process.exit(status ?? 1);
}

/** Becomes the task: its exit code is ours, and a signal to us reaches it. */
function handOver() {
  const [script, ...before] = task.run;
  // npm sets INIT_CWD to the folder in which the user typed the command: paths on the command line are relative to it.
  const cwd = task.staysInCallersFolder ? (process.env.INIT_CWD ?? process.cwd()) : root;
  const child = spawn(bun, [join(root, script), ...before, ...rest], { cwd, stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)));
}

function say(text) {
  console.error(text);
}
