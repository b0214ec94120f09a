/**
 * How fast the kernels are against packages that do the same and, for speech analysis and synthesis, against WORLD in C++. Runs in Bun and,
 * where it is installed, in Node.js, because browsers have V8 too. Prints tables and writes bench/out/kernels.json.
 *
 *     bun bench/kernels/index.ts [--python PATH]    default: $GIONG_PYTHON, else python3; pyworld is needed for the last table
 */
import { mkdirSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { loadKernels } from '#core/kernels/module.ts';
import { runSuite, type SuiteResult } from './suite.ts';
import { benchWorld, type WorldResult } from './world.ts';

const root = join(import.meta.dir, '../..');
const { values: options } = parseArgs({ options: { python: { type: 'string' } } });
const { GIONG_PYTHON } = process.env;
const python = options.python ?? GIONG_PYTHON ?? 'python3';

/** The suite in Node.js, or null where there is none. */
async function suiteInNode(): Promise<SuiteResult | null> {
  const node = Bun.which('node');
  if (!node) return null;
  const bundle = await Bun.build({
    entrypoints: [join(import.meta.dir, 'node.ts')],
    target: 'node',
    outdir: join(root, '.cache/bench'),
    naming: 'kernels.mjs',
  });
  const [script] = bundle.outputs;
  if (!bundle.success || !script) throw new AggregateError(bundle.logs, 'the benchmark did not bundle');
  const child = Bun.spawn([node, script.path, root], { stdout: 'pipe' });
  const output = await new Response(child.stdout).text();
  if ((await child.exited) !== 0) throw new Error('the benchmark failed in Node.js');
  return JSON.parse(output) as SuiteResult;
}

function printSuite({ runtime, fft, resample, convolution }: SuiteResult): void {
  console.log(`\n${runtime}`);
  console.table(
    Object.fromEntries(
      fft.map(({ size, timings }) => [
        `FFT ${size}`,
        {
          'ours, µs': round(timings.simd.microseconds, 2),
          'inverse, µs': round(timings.inverse.microseconds, 2),
          '× fft.js': round(timings['fft.js'].ratio, 2),
          '× fourier-transform': round(timings['fourier-transform'].ratio, 2),
          '× pffft-wasm': round(timings.pffft.ratio, 2),
          '× pffft-wasm unordered': round(timings['pffft unordered'].ratio, 2),
          '× our scalar build': round(timings.scalar.ratio, 2),
        },
      ]),
    ),
  );
  console.table(
    Object.fromEntries(
      resample.map(({ from, to, timings, ours, speexEqual, speexBest }) => [
        `${from} → ${to}`,
        {
          'ours, ms for 0.5 s': round(timings.simd.microseconds / 1000, 2),
          '× speex quality 7': round(timings.speexEqual.ratio, 2),
          '× speex quality 10': round(timings.speexBest.ratio, 2),
          '× our scalar build': round(timings.scalar.ratio, 2),
          'stop band, dB (speex 7, 10)': decibels(ours.stopBand, speexEqual.stopBand, speexBest.stopBand, 0),
          'at 0.9 of the band, dB': decibels(ours.passBand, speexEqual.passBand, speexBest.passBand, 3),
        },
      ]),
    ),
  );
  console.table(
    Object.fromEntries(
      convolution.map(({ taps, rate, timings }) => [
        `convolution of ${taps} taps, 128 channels`,
        {
          'ours, ms for 480 rows': round(timings.simd.microseconds / 1000, 2),
          'as GMAC/s term by term': round(rate, 1),
          '× term by term': round(timings.direct.ratio, 2),
          '× our scalar build': round(timings.scalar.ratio, 2),
        },
      ]),
    ),
  );
}

function decibels(ours: number, equal: number, best: number, digits: number): string {
  return `${round(ours, digits)} (${round(equal, digits)}, ${round(best, digits)})`;
}

function printWorld(world: WorldResult | null): void {
  if (!world) {
    console.log(
      `\nWORLD: skipped, ${python} has no pyworld (pip install numpy pyworld; GIONG_PYTHON names another Python)`,
    );
    return;
  }
  const row = (steps: WorldResult['ours']) => ({
    'StoneMask, ms': round(steps.pitch, 1),
    'CheapTrick, ms': round(steps.envelope, 1),
    'D4C, ms': round(steps.aperiodicity, 1),
    'synthesis, ms': round(steps.synthesis, 1),
  });
  console.log(`\nAnalysis and synthesis of ${round(world.seconds, 1)} s, one core (pyworld ${world.pyworld})`);
  console.table({ ours: row(world.ours), WORLD: row(world.world) });
  console.log(`ours is ${round(world.ratio, 2)} × as fast, ${round(world.ratioWithoutAperiodicity, 2)} × without D4C`);
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}

const suites = [await runSuite(root), await suiteInNode()].filter((suite) => suite !== null);
suites.forEach(printSuite);
const kernels = await loadKernels({
  loadKernels: (build) => Bun.file(join(root, `wasm/build/kernels.${build}.wasm`)).bytes(),
});
const world = await benchWorld(root, kernels, python);
printWorld(world);

mkdirSync(join(root, 'bench/out'), { recursive: true });
const machine = { processor: cpus()[0]?.model.trim() ?? 'unknown', cores: cpus().length };
await Bun.write(join(root, 'bench/out/kernels.json'), `${JSON.stringify({ machine, suites, world }, null, 2)}\n`);
