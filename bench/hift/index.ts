/**
 * HiFT, the vocoder of `seed-vc-fast`, both ways: its graph in ONNX Runtime, and our decoder on the kernels. Needs a model of the exporter;
 * random weights cost what real ones do.
 */
import { cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { HiftDecoder } from '#core/engines/seed-vc/hift/decoder.ts';
import { createNoise } from '#core/engines/seed-vc/noise.ts';
import { presets } from '#core/engines/seed-vc/presets.ts';
import { createVocoder, type Vocoder } from '#core/engines/seed-vc/vocoder.ts';
import { readSafetensors } from '#core/inference/safetensors.ts';
import { loadKernels } from '#core/kernels/module.ts';
import { createBunHost } from '#server/host.ts';
import { relativeError } from '../../tests/support/signals.ts';
import { formatTable } from '../quality/table.ts';
import { median } from '../statistics.ts';

const usage = `usage: bun bench/hift/index.ts --models DIR [options]
  --models DIR      what \`python -m export seed-vc-fast --out DIR\` wrote
  --seconds N       of sound (default: 10)
  --rounds N        the median of which counts (default: 3)
  --native          the native ONNX Runtime as well`;

const { values: options } = parseArgs({
  options: {
    models: { type: 'string' },
    seconds: { type: 'string', default: '10' },
    rounds: { type: 'string', default: '3' },
    native: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
});

interface Row {
  readonly name: string;
  readonly milliseconds: number;
  /** The longest time that went by without a report, in which nothing could stop it. */
  readonly longestTurn: number;
  /** Relative L2 distance from the first row's sound. */
  readonly distance: number;
}

const preset = presets['seed-vc-fast'];
const { bands, hop, sampleRate } = preset.mel;

async function main(models: string): Promise<void> {
  const frames = Math.round((Number(options.seconds) * sampleRate) / hop);
  const mel = createNoise(1)
    .normals(bands * frames)
    .map((value) => 2 * value - 5);
  const file = (name: string) => Bun.file(join(models, 'seed-vc-fast', name)).bytes();
  const graph = async (runtime: 'wasm' | 'native') => {
    const host = await createBunHost({ runtime, threads: 1 });
    return createVocoder(await host.runtime.createSession(await file('vocoder.onnx')), preset);
  };
  const own = async () => {
    const kernels = await loadKernels(await createBunHost());
    return createVocoder(new HiftDecoder(kernels, readSafetensors(await file('vocoder.safetensors'))), preset);
  };
  const ways: [string, () => Promise<Vocoder>][] = [
    ['ONNX Runtime, wasm', () => graph('wasm')],
    ['kernels', own],
  ];
  if (options.native) ways.push(['ONNX Runtime, native', () => graph('native')]);
  const rows: Row[] = [];
  let first: Float32Array | undefined;
  for (const [name, load] of ways) {
    const { sound, ...timing } = await measure(await load(), mel);
    first ??= sound;
    rows.push({ name, ...timing, distance: relativeError(sound, first) });
  }
  console.log(table(rows));
  const machine = { processor: cpus()[0]?.model ?? 'unknown', cores: cpus().length };
  console.log(`\n${options.seconds} s of sound on ${machine.processor}, one thread`);
  await Bun.write(join(import.meta.dir, '../out/hift.json'), `${JSON.stringify({ machine, rows }, null, 2)}\n`);
}

async function measure(vocode: Vocoder, mel: Float32Array) {
  const times: number[] = [];
  let longestTurn = 0;
  let sound = new Float32Array(0) as Float32Array;
  for (let round = 0; round < Number(options.rounds); round++) {
    const noise = createNoise(1);
    const start = performance.now();
    let last = start;
    sound = await vocode(mel, noise, async () => {
      longestTurn = Math.max(longestTurn, performance.now() - last);
      last = performance.now();
    });
    times.push(performance.now() - start);
  }
  return { sound, milliseconds: median(times), longestTurn };
}

function table(rows: readonly Row[]): string {
  const reference = rows[0]?.milliseconds ?? Number.NaN;
  return formatTable(
    ['', 'ms', '× as fast', 'longest turn, ms', 'relative L2'],
    rows.map((row) => [
      row.name,
      row.milliseconds.toFixed(0),
      (reference / row.milliseconds).toFixed(2),
      row.longestTurn.toFixed(0),
      row.distance.toExponential(1),
    ]),
  );
}

if (options.help || options.models === undefined) {
  console.log(options.help ? usage : 'hift: left out, it needs --models DIR (see --help)');
} else await main(options.models);
