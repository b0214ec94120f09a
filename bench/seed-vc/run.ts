/** Measures one model in one runtime, in a process of its own: `bun run.ts TASK`, JSON in and out. */
import { join } from 'node:path';
import { decodeAudio } from '#core/audio/decode.ts';
import { defaultOptions } from '#core/engines/engine.ts';
import { createEngine } from '#core/engines/registry.ts';
import { HiftDecoder } from '#core/engines/seed-vc/hift/decoder.ts';
import { UnavailableError } from '#core/errors.ts';
import type { Host } from '#core/host.ts';
import type { InferenceSession } from '#core/inference/runtime.ts';
import { createBunHost } from '#server/host.ts';
import { paths } from '#server/paths.ts';
import { median } from '../statistics.ts';
import { type Measured, referenceSeconds, sourceSeconds, type Task } from './measured.ts';

const {
  model,
  models,
  runtime,
  threads,
  steps,
  guidanceEvery: intervals,
  rounds,
}: Task = JSON.parse(process.argv[2] ?? '{}');

/** Milliseconds that each graph has run, by its file's name. */
const spent = new Map<string, number>();

/** Apart from its host's method: what is made there keeps the bytes of the file in memory. */
function timedSession(session: InferenceSession, name: string): InferenceSession {
  return {
    ...session,
    async run(feeds) {
      const start = performance.now();
      const outputs = await session.run(feeds);
      spent.set(name, (spent.get(name) ?? 0) + performance.now() - start);
      return outputs;
    },
  };
}

/** In WebAssembly HiFT is no graph: its time is taken where it decodes. */
function timeDecoder(): void {
  const { decode } = HiftDecoder.prototype;
  HiftDecoder.prototype.decode = async function (...given) {
    const { result, milliseconds } = await timed(decode.apply(this, given));
    spent.set('vocoder', (spent.get('vocoder') ?? 0) + milliseconds);
    return result;
  };
}

/** A host that has this one model, and takes the time of its graphs. */
async function createTimedHost(): Promise<Host> {
  const host = await createBunHost({ runtime, threads });
  const names = new WeakMap<Uint8Array, string>();
  return {
    ...host,
    async loadModel(path) {
      const [folder = '', file = ''] = path.split('/');
      if (folder.startsWith('seed-vc-') && folder !== model)
        throw new UnavailableError('model-missing', { name: path });
      const bytes = folder === model ? await Bun.file(join(models, path)).bytes() : await host.loadModel(path);
      names.set(bytes, folder === model ? file.replace('.onnx', '') : folder);
      return bytes;
    },
    runtime: {
      name: host.runtime.name,
      async createSession(bytes, options) {
        return timedSession(await host.runtime.createSession(bytes, options), names.get(bytes) ?? '');
      },
    },
  };
}

/** The beginning of a sample, repeated until it is long enough. */
async function recording(name: string, seconds: number) {
  const { audio } = await decodeAudio(await Bun.file(join(paths.samples, name)).bytes());
  const { samples, sampleRate } = audio;
  const length = seconds * sampleRate;
  return { samples: Float32Array.from({ length }, (_, i) => samples[i % samples.length] ?? 0), sampleRate };
}

async function timed<T>(work: Promise<T>): Promise<{ result: T; milliseconds: number }> {
  const start = performance.now();
  const result = await work;
  return { result, milliseconds: performance.now() - start };
}

/** The median of some rounds of a task, and of the times that its graphs took in them. Between them the host tidies up, as between jobs. */
async function repeated(task: () => Promise<unknown>, host: Host) {
  const times: number[] = [];
  const ofGraphs = new Map<string, number[]>();
  for (let round = 0; round < rounds; round++) {
    spent.clear();
    times.push((await timed(task())).milliseconds);
    host.releaseMemory?.();
    for (const [name, taken] of spent) ofGraphs.set(name, [...(ofGraphs.get(name) ?? []), taken]);
  }
  return { milliseconds: median(times), graphs: [...ofGraphs].map(([name, taken]) => [name, median(taken)] as const) };
}

async function measure(): Promise<Measured> {
  timeDecoder();
  const host = await createTimedHost();
  const id = model.replace(/-(fp16|int8)$/, '');
  const { result: engine, milliseconds: load } = await timed(createEngine(id, host));
  const source = await recording('recordings/english.flac', sourceSeconds);
  const reference = await recording('voices/1688.flac', referenceSeconds);
  const voice = await engine.profile([reference]);
  const convert = (diffusionSteps: number, guidanceEvery = 1) =>
    engine.convert(source, voice, { ...defaultOptions, outputRate: 22050, diffusionSteps, guidanceEvery });
  await convert(1);
  host.releaseMemory?.();

  const parts: Record<string, number> = {};
  const profiles = await repeated(() => engine.profile([reference]), host);
  for (const [name, milliseconds] of profiles.graphs) parts[`${name} reference`] = milliseconds;
  const conversion: Record<string, number> = {};
  for (const count of steps) {
    for (const every of intervals) {
      const { milliseconds, graphs } = await repeated(() => convert(count, every), host);
      conversion[every === 1 ? `${count} steps` : `${count} steps, guidance every ${every}`] = milliseconds;
      for (const [name, taken] of graphs) {
        if (name !== 'estimator') parts[`${name} source`] = taken;
        else if (every === 1) parts.step = taken / count;
      }
    }
  }
  await engine.dispose();
  return { parts, voice: profiles.milliseconds, conversion, load };
}

console.log(JSON.stringify(await measure()));
