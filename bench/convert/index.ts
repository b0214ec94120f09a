/**
 * How fast the conversions are: real-time factors on one core for a short and a long recording, as a new process, in processes that
 * stay, in a browser, and of the same recipe in Python. Prints a table and keeps a JSON.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { formatTable } from '../quality/table.ts';
import { onOneCore } from './core-pinning.ts';
import { seedVc } from './elsewhere.ts';
import { runOnOneCore } from './subprocess.ts';
import { browser, bunWorker, commandLine, type Files, type Measurement, pythonRecipe } from './systems.ts';

const usage = `usage: bun bench/convert/index.ts [options]
  --only WORD       measure only systems whose name has WORD in it (repeatable)
  --long SECONDS    length of the long recording (default: 600; 0 leaves it out)
  --rounds N        conversions of the short recording (default: 5; the long one is converted once)
  --python PATH     Python with bench/quality/requirements.txt (default: $GIONG_PYTHON, else python3)
  --reference DIR   Python recipe (default: models/train/reference)
  --out FILE        JSON of the results (default: bench/out/convert.json)`;

const shortSeconds = 10;

const { values: options } = parseArgs({
  options: {
    only: { type: 'string', multiple: true },
    long: { type: 'string', default: '600' },
    rounds: { type: 'string', default: '5' },
    python: { type: 'string' },
    reference: { type: 'string', default: join(import.meta.dir, '../../models/train/reference') },
    out: { type: 'string', default: join(import.meta.dir, '../out/convert.json') },
    help: { type: 'boolean', short: 'h', default: false },
  },
});

/** What was found of one system; a string says why it was not measured. */
interface Row {
  readonly name: string;
  readonly short: Measurement | string;
  readonly long?: Measurement | string | undefined;
}

async function main(): Promise<void> {
  if (options.help) {
    console.log(usage);
    return;
  }
  const folder = await mkdtemp(join(tmpdir(), 'giong-bench-'));
  try {
    const rows = await measureAll(folder);
    console.log(table(rows));
    const machine = { processor: cpus()[0]?.model ?? 'unknown', cores: cpus().length, pinned: onOneCore.length > 0 };
    console.log(`\n${machine.processor}${machine.pinned ? ', one core' : ', NOT pinned to one core: no taskset'}`);
    const result = { measuredAt: new Date().toISOString(), machine, rows, measuredElsewhere: seedVc };
    await Bun.write(options.out, `${JSON.stringify(result, null, 2)}\n`);
    console.log(options.out);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function measureAll(folder: string): Promise<Row[]> {
  const { GIONG_PYTHON } = process.env;
  const python = options.python ?? GIONG_PYTHON ?? 'python3';
  const systems = [
    commandLine,
    bunWorker('wasm'),
    bunWorker('native'),
    browser,
    pythonRecipe(python, resolve(options.reference)),
  ].filter(({ name }) => options.only?.some((word) => name.toLowerCase().includes(word.toLowerCase())) ?? true);

  const longSeconds = Number(options.long);
  const short = await makeFiles(folder, shortSeconds);
  const long = longSeconds > 0 ? await makeFiles(folder, longSeconds) : undefined;
  const rows: Row[] = [];
  for (const { name, measure } of systems) {
    progress(`${name}, ${shortSeconds} s`);
    const shortResult = await measure(short, Number(options.rounds));
    if (long) progress(`${name}, ${longSeconds} s`);
    const longResult = long && (typeof shortResult === 'string' ? shortResult : await measure(long, 1));
    rows.push({ name, short: shortResult, long: longResult });
  }
  progress('');
  return rows;
}

/** Speech of this length, and a sample voice that is not in its first half minute. */
async function makeFiles(folder: string, sourceSeconds: number): Promise<Files> {
  const source = join(folder, `${sourceSeconds}.flac`);
  await runOnOneCore(process.execPath, join(import.meta.dir, 'make-speech.ts'), source, String(sourceSeconds));
  return { source, sourceSeconds, reference: join(import.meta.dir, '../../samples/voices/2033.flac') };
}

function table(rows: readonly Row[]): string {
  const withLong = rows.some(({ long }) => long !== undefined);
  const python = rows.find(({ name }) => name.startsWith('Python'))?.short;
  const lines = rows.map(({ name, short, long }) => {
    if (typeof short === 'string') return [name];
    const speed =
      typeof python === 'object' ? (python.cpuFactor ?? Number.NaN) / (short.cpuFactor ?? Number.NaN) : Number.NaN;
    return [
      name,
      ...lengthCells(short),
      ...(withLong ? lengthCells(long) : []),
      seconds(short.firstSeconds),
      seconds(short.voiceSeconds),
      Number.isNaN(speed) ? '' : `${speed.toFixed(2)} ×`,
    ];
  });
  const elsewhere = seedVc.map(({ name, realTimeFactor, peakMebibytes }) => [
    `${name} *`,
    ...lengthCells({ realTimeFactor, cpuFactor: realTimeFactor, peakMebibytes }),
  ]);
  const header = [
    '',
    ...lengthHeader(shortSeconds),
    ...(withLong ? lengthHeader(Number(options.long)) : []),
    'first result',
    'voice',
    'Python = 1',
  ];
  const notes = rows.flatMap(({ name, short }) => (typeof short === 'string' ? [`${name}: ${short}`] : []));
  return [
    formatTable(header, [...lines, null, ...elsewhere]),
    'RTF: wall-clock seconds for a second of source; CPU: CPU seconds for it, which other programs do not lengthen',
    '* measured elsewhere, for scale; 4 sampling steps, random weights, CPU seconds, describing the voice included',
    ...notes,
  ].join('\n');
}

function lengthHeader(length: number): string[] {
  return [`RTF, ${length} s`, 'CPU', 'peak RSS'];
}

function lengthCells(measurement: Measurement | string | undefined): string[] {
  if (typeof measurement !== 'object') return ['', '', ''];
  return [factor(measurement.realTimeFactor), factor(measurement.cpuFactor), mebibytes(measurement.peakMebibytes)];
}

function factor(value: number | undefined): string {
  if (value === undefined) return '';
  return value < 1 ? value.toFixed(4) : value.toFixed(2);
}

function seconds(value: number | undefined): string {
  return value === undefined ? '' : `${value.toFixed(2)} s`;
}

function mebibytes(value: number | undefined): string {
  return value === undefined ? '' : `${Math.round(value)} MiB`;
}

/** One line on the terminal that is overwritten; nothing where stderr is a file. */
function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
}

try {
  await main();
} catch (error) {
  progress('');
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
