/**
 * What the Seed-VC models cost: 10 s of source in the voice of 5 s of reference, by component, in each ONNX runtime and precision,
 * beside PyTorch where a Python with the exporter's packages is named. Needs models of the exporter; random weights cost what real ones do.
 */
import { cpus } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { formatTable } from '../quality/table.ts';
import { type Measured, sourceSeconds, type Task } from './measured.ts';

const usage = `usage: bun bench/seed-vc/index.ts --models DIR [options]
  --models DIR      what \`python -m export MODEL --out DIR\` wrote
  --native DIR      the same made with --native, for the native runtime (default: that of --models)
  --model ID        seed-vc-fast, seed-vc-base or seed-vc-hifi (default: seed-vc-fast)
  --runtime NAME    wasm or native (repeatable; default: both)
  --variant NAME    fp32, fp16 or int8 (repeatable; default: fp32 and int8)
  --threads N       (repeatable; default: 1 and 2)
  --steps N         (repeatable; default: 4 and 10)
  --guidance-every N  at each which step guidance is computed anew (repeatable; default: 1 and 2)
  --rounds N        medians of so many rounds, after one that does not count (default: 3)
  --python FILE     a Python with the exporter's packages: PyTorch is measured in the same run
  --out FILE        JSON of the results (default: bench/out/seed-vc.json)`;

const many = { type: 'string', multiple: true } as const;
const { values: options } = parseArgs({
  options: {
    models: { type: 'string' },
    native: { type: 'string' },
    model: { type: 'string', default: 'seed-vc-fast' },
    runtime: { ...many, default: ['wasm', 'native'] },
    variant: { ...many, default: ['fp32', 'int8'] },
    threads: { ...many, default: ['1', '2'] },
    steps: { ...many, default: ['4', '10'] },
    'guidance-every': { ...many, default: ['1', '2'] },
    rounds: { type: 'string', default: '3' },
    python: { type: 'string' },
    out: { type: 'string', default: join(import.meta.dir, '../out/seed-vc.json') },
    help: { type: 'boolean', short: 'h', default: false },
  },
});

interface Row extends Omit<Measured, 'load'> {
  readonly name: string;
  readonly threads: number;
  readonly load?: number;
  readonly peakBytes: number;
}

async function main(): Promise<void> {
  if (options.help || options.models === undefined) {
    console.log(options.help ? usage : 'seed-vc: left out, it needs --models DIR (see --help)');
    return;
  }
  const models = { wasm: resolve(options.models), native: resolve(options.native ?? options.models) };
  const rows: Row[] = [];
  for (const threads of options.threads.map(Number)) {
    if (options.python !== undefined) rows.push(await measureTorch(options.python, threads));
    for (const runtime of options.runtime) {
      if (runtime !== 'wasm' && runtime !== 'native') throw new Error(usage);
      for (const variant of options.variant) {
        const model = variant === 'fp32' ? options.model : `${options.model}-${variant}`;
        console.error(`${runtime} ${variant}, ${threads} thread(s) …`);
        const steps = options.steps.map(Number);
        const rounds = Number(options.rounds);
        const guidanceEvery = options['guidance-every'].map(Number);
        const task = { model, models: models[runtime], runtime, threads, steps, guidanceEvery, rounds } as const;
        rows.push({ name: `${runtime} ${variant}`, threads, ...(await measure(task)) });
      }
    }
  }
  console.log(table(rows));
  const machine = { processor: cpus()[0]?.model ?? 'unknown', cores: cpus().length };
  console.log(`\n${options.model} on ${machine.processor}, ${machine.cores} cores; milliseconds of wall time`);
  const result = { measuredAt: new Date().toISOString(), machine, model: options.model, rows };
  await Bun.write(options.out, `${JSON.stringify(result, null, 2)}\n`);
  console.log(options.out);
}

async function measureTorch(python: string, threads: number): Promise<Row> {
  console.error(`PyTorch, ${threads} thread(s) …`);
  const numbers = ['--threads', String(threads), '--rounds', options.rounds];
  const command = [resolve(python), '-W', 'ignore', '-m', 'export.timing', options.model, ...numbers];
  const { stdout } = await run(command, join(import.meta.dir, '../../models'));
  const measured: Omit<Row, 'name' | 'threads'> = JSON.parse(stdout);
  return { ...measured, name: 'PyTorch fp32', threads };
}

/** In a process of its own, so that its peak of memory is its own. */
async function measure(task: Task): Promise<Measured & { peakBytes: number }> {
  const { stdout, peakBytes } = await run([process.execPath, join(import.meta.dir, 'run.ts'), JSON.stringify(task)]);
  const measured: Measured = JSON.parse(stdout);
  return { ...measured, peakBytes };
}

/** What a program prints. Throws where it ends with an error. */
async function run(command: string[], cwd = import.meta.dir): Promise<{ stdout: string; peakBytes: number }> {
  const child = Bun.spawn(command, { cwd, stdout: 'pipe', stderr: 'pipe' });
  const [stdout, stderr, code] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  if (code !== 0) throw new Error(`${command.join(' ')} ended with ${code}: ${stderr}`);
  return { stdout, peakBytes: child.resourceUsage()?.maxRSS ?? 0 };
}

function table(rows: readonly Row[]): string {
  const parts = [...new Set(rows.flatMap((row) => Object.keys(row.parts)))];
  const conversions = [...new Set(rows.flatMap((row) => Object.keys(row.conversion)))];
  const torchOf = (threads: number) => rows.find((row) => row.name.startsWith('PyTorch') && row.threads === threads);
  const shown = (value = Number.NaN, digits = 0) => (Number.isFinite(value) ? value.toFixed(digits) : '–');
  const whole = (row: Row, steps: string) => (row.conversion[steps] ?? Number.NaN) + row.voice;
  const toTorch = (row: Row, time: number, steps: string) => {
    const torch = torchOf(row.threads);
    // Which computes guidance at every step.
    return shown(torch && time / whole(torch, steps.replace(/,.*/, '')), 2);
  };
  const lines: [string, (row: Row) => string][] = [
    ['threads', (row) => String(row.threads)],
    ...parts.map((part): [string, (row: Row) => string] => [part, (row) => shown(row.parts[part])]),
    ['making the voice', (row) => shown(row.voice)],
    ...conversions.flatMap((steps): [string, (row: Row) => string][] => [
      [`voice and ${steps}`, (row) => shown(whole(row, steps))],
      ['  × real time', (row) => shown(whole(row, steps) / 1000 / sourceSeconds, 2)],
      ['  × PyTorch', (row) => toTorch(row, whole(row, steps), steps)],
      ['  × PyTorch, voice kept', (row) => toTorch(row, row.conversion[steps] ?? Number.NaN, steps)],
    ]),
    ['load', (row) => shown(row.load)],
    ['peak memory, MiB', (row) => shown(row.peakBytes / 2 ** 20)],
  ];
  return formatTable(
    ['', ...rows.map((row) => row.name)],
    lines.map(([name, of]) => [name, ...rows.map(of)]),
  );
}

await main();
