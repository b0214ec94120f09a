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
import { type Measured, referenceSeconds, sourceSeconds, type Task } from './measured.ts';

const { model, models, runtime, threads, steps }: Task = JSON.parse(process.argv[2] ?? '{}');

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
      async createSession(bytes) {
        return timedSession(await host.runtime.createSession(bytes), names.get(bytes) ?? '');
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

async function measure(): Promise<Measured> {
  timeDecoder();
  const host = await createTimedHost();
  const id = model.replace(/-(fp16|int8)$/, '');
  const { result: engine, milliseconds: load } = await timed(createEngine(id, host));
  const source = await recording('recordings/english.flac', sourceSeconds);
  const reference = await recording('voices/1688.flac', referenceSeconds);
  const { result: voice, milliseconds: profile } = await timed(engine.profile([reference]));
  const parts: Record<string, number> = {};
  for (const [name, milliseconds] of spent) parts[`${name} reference`] = milliseconds;
  const conversion: Record<string, number> = {};
  for (const diffusionSteps of steps) {
    spent.clear();
    const options = { ...defaultOptions, outputRate: 22050, diffusionSteps };
    const { milliseconds } = await timed(engine.convert(source, voice, options));
    conversion[`${diffusionSteps} steps`] = profile + milliseconds;
    for (const [name, taken] of spent) {
      if (name === 'estimator') parts.step = taken / diffusionSteps;
      else parts[`${name} source`] = taken;
    }
  }
  await engine.dispose();
  return { parts, conversion, load };
}

console.log(JSON.stringify(await measure()));
