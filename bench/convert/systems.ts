import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { median } from '../statistics.ts';
import { findChromium, measureInChromium } from './chromium/run.ts';
import type { WarmTimings } from './measure.ts';
import { runOnOneCore } from './subprocess.ts';

const root = join(import.meta.dir, '../..');

/** Files of a measurement, as paths. */
export interface Files {
  readonly source: string;
  readonly sourceSeconds: number;
  readonly reference: string;
}

/** One row of the table, for one length of source. */
export interface Measurement {
  /** Wall-clock seconds for a second of source, on one core, decoding and encoding included. */
  readonly realTimeFactor: number;
  /** CPU seconds for a second of source, where the host tells them: what the wall clock would say on an idle core. */
  readonly cpuFactor?: number | undefined;
  /** From nothing to the first result. */
  readonly firstSeconds?: number | undefined;
  /** To describe the voice of the reference, which a stored voice saves. */
  readonly voiceSeconds?: number | undefined;
  readonly peakMebibytes?: number | undefined;
}

/** What can be measured; `measure` gives the reason in words when it cannot be on this machine. */
export interface MeasuredSystem {
  readonly name: string;
  measure(files: Files, rounds: number): Promise<Measurement | string>;
}

/**
 * `giong convert` from the shell to its end: a new process that loads everything and describes the voice, too. It takes the native
 * runtime where that is installed.
 */
export const commandLine: MeasuredSystem = {
  name: `giong convert, new process, ${isInstalled('onnxruntime-node') ? 'native' : 'WASM'}`,
  async measure({ source, sourceSeconds, reference }, rounds) {
    const out = `${source}.out.wav`;
    const command = [process.execPath, join(root, 'server/cli/main.ts'), 'convert', source, '--voice', reference];
    const runs = [];
    for (let round = 0; round < rounds; round++) runs.push(await runOnOneCore(...command, '--out', out, '--json'));
    const firstSeconds = median(runs.map(({ wallSeconds }) => wallSeconds));
    return {
      realTimeFactor: firstSeconds / sourceSeconds,
      cpuFactor: median(runs.map(({ cpuSeconds }) => cpuSeconds)) / sourceSeconds,
      firstSeconds,
      peakMebibytes: Math.max(...runs.map(({ peakMebibytes }) => peakMebibytes)),
    };
  },
};

/** A Bun process that stays, as a server's worker does, with a stored voice. */
export function bunWorker(runtime: 'wasm' | 'native'): MeasuredSystem {
  return {
    name: runtime === 'wasm' ? 'Bun, warm, WASM' : 'Bun, warm, native',
    async measure(files, rounds) {
      if (runtime === 'native' && !isInstalled('onnxruntime-node')) return 'onnxruntime-node is not installed';
      const script = join(import.meta.dir, 'bun-warm.ts');
      return fromProcess([process.execPath, script, runtime, files.source, files.reference, String(rounds)]);
    },
  };
}

/** A worker of a web page that stays. */
export const browser: MeasuredSystem = {
  name: 'Chromium, warm, WASM',
  async measure(files, rounds) {
    const path = findChromium();
    if (!path) return 'Chromium is not installed';
    const { firstSeconds, ...timings } = await measureInChromium(path, files, rounds);
    return { ...fromTimings(timings), firstSeconds };
  },
};

/** The same recipe in Python: librosa, WORLD (C++), numba, native ONNX Runtime. */
export function pythonRecipe(python: string, folder: string): MeasuredSystem {
  return {
    name: 'Python recipe, warm',
    async measure(files, rounds) {
      if (!(await hasPackages(python))) return `${python} lacks packages of bench/quality/requirements.txt`;
      const script = join(import.meta.dir, 'python_warm.py');
      return fromProcess([python, '-W', 'ignore', script, folder, files.source, files.reference, String(rounds)]);
    },
  };
}

async function fromProcess(command: readonly string[]): Promise<Measurement> {
  const { stdout, peakMebibytes } = await runOnOneCore(...command);
  return { ...fromTimings(JSON.parse(stdout) as WarmTimings), peakMebibytes };
}

function fromTimings({ convertSeconds, convertCpuSeconds, sourceSeconds, voiceSeconds }: WarmTimings): Measurement {
  return {
    realTimeFactor: median(convertSeconds) / sourceSeconds,
    cpuFactor: convertCpuSeconds && median(convertCpuSeconds) / sourceSeconds,
    voiceSeconds,
  };
}

function isInstalled(packageName: string): boolean {
  return existsSync(join(root, 'node_modules', packageName, 'package.json'));
}

async function hasPackages(python: string): Promise<boolean> {
  if (!Bun.which(python)) return false;
  const script = 'import librosa, numba, onnxruntime, pyworld, soundfile, swift_f0';
  return (await Bun.spawn([python, '-W', 'ignore', '-c', script], { stderr: 'ignore' }).exited) === 0;
}
