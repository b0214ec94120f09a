import { UnavailableError } from '../../errors.ts';
import type { Host } from '../../host.ts';
import type { InferenceSession, SessionOptions } from '../../inference/runtime.ts';
import { readSafetensors, type Weights } from '../../inference/safetensors.ts';
import type { Kernels } from '../../kernels/module.ts';
import { HiftDecoder } from './hift/decoder.ts';
import type { Preset } from './presets.ts';

/** The graphs of a model. */
export interface Graphs {
  /** Of models that hear by XLS-R: its convolutions. */
  readonly features: InferenceSession | undefined;
  readonly encoder: InferenceSession;
  readonly regulator: InferenceSession;
  readonly estimator: InferenceSession;
  /** HiFT has two forms: in WebAssembly our kernels are more than three times as fast as ONNX Runtime. */
  readonly vocoder: InferenceSession | HiftDecoder;
  /** Of models that sing. */
  readonly pitch: InferenceSession | undefined;
}

export interface LoadedGraphs {
  readonly graphs: Graphs;
  /** Bytes of their files. */
  readonly bytes: number;
}

/** A model comes in three precisions, of which one is enough; of several, the first here is used. */
export const variants = ['-int8', '-fp16', ''] as const;

/**
 * Loads the graphs of a model one after another, since the file of each is in memory meanwhile. Throws
 * `UnavailableError('model-missing' | 'model-corrupt' | 'model-unsupported' | 'memory-exhausted')`.
 */
export async function loadGraphs(
  { id, content, isPitched, vocoder }: Preset,
  host: Host,
  kernels: Kernels,
): Promise<LoadedGraphs> {
  const { folder, regulator: file } = await findVariant(id, host);
  const sessions: (InferenceSession | HiftDecoder)[] = [];
  let bytes = 0;
  const open = async (model: Uint8Array, options?: SessionOptions) => {
    bytes += model.length;
    const session = await host.runtime.createSession(model, options);
    sessions.push(session);
    return session;
  };
  const openDecoder = (weights: Uint8Array) => {
    bytes += weights.length;
    const decoder = new HiftDecoder(kernels, collected(readSafetensors(weights), host));
    sessions.push(decoder);
    return decoder;
  };
  const isOwn = vocoder === 'hift' && host.runtime.name === 'wasm';
  const load = async (component: string, options?: SessionOptions) => {
    const session = await open(await host.loadModel(`${folder}/${component}.onnx`), options);
    // Before the next file comes, this one can go: collected by themselves they would all stay until the end.
    host.releaseMemory?.();
    return session;
  };
  const seldom = { runsSeldom: true };
  try {
    const graphs = {
      regulator: await open(file),
      features: content === 'xlsr' ? await load('features', seldom) : undefined,
      encoder: await load('encoder', seldom),
      estimator: await load('estimator'),
      vocoder: isOwn
        ? openDecoder(await host.loadModel(`${folder}/vocoder.safetensors`))
        : await load('vocoder', seldom),
      pitch: isPitched ? await load('pitch', seldom) : undefined,
    };
    return { graphs, bytes };
  } catch (error) {
    for (const session of sessions) await session.release();
    throw error;
  }
}

/** Copies beyond so many bytes are let go of. */
const UNCOLLECTED_BYTES = 2 ** 24;

/** The weights, whose copies go while others are still read: collected by themselves they would all stay until the end. */
function collected(weights: Weights, { releaseMemory }: Host): Weights {
  let copied = 0;
  return {
    get(name) {
      if (copied > UNCOLLECTED_BYTES) {
        releaseMemory?.();
        copied = 0;
      }
      const tensor = weights.get(name);
      copied += tensor.data.byteLength;
      return tensor;
    },
  };
}

/** The folder of the first variant that is here, and its smallest file. */
async function findVariant(id: string, host: Host): Promise<{ folder: string; regulator: Uint8Array }> {
  for (const variant of variants) {
    const folder = `${id}${variant}`;
    try {
      return { folder, regulator: await host.loadModel(`${folder}/regulator.onnx`) };
    } catch (error) {
      if (!(error instanceof UnavailableError && error.code === 'model-missing')) throw error;
    }
  }
  throw new UnavailableError('model-missing', { name: id });
}
