import { UnavailableError } from '../../errors.ts';
import type { Host } from '../../host.ts';
import type { InferenceSession } from '../../inference/runtime.ts';
import type { Preset } from './presets.ts';

/** The graphs of a model. */
export interface Graphs {
  readonly encoder: InferenceSession;
  readonly regulator: InferenceSession;
  readonly estimator: InferenceSession;
  readonly vocoder: InferenceSession;
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
export async function loadGraphs({ id, isPitched }: Preset, host: Host): Promise<LoadedGraphs> {
  const { folder, regulator: file } = await findVariant(id, host);
  const sessions: InferenceSession[] = [];
  let bytes = 0;
  const open = async (model: Uint8Array) => {
    bytes += model.length;
    const session = await host.runtime.createSession(model);
    sessions.push(session);
    return session;
  };
  const load = async (component: string) => open(await host.loadModel(`${folder}/${component}.onnx`));
  try {
    const graphs = {
      regulator: await open(file),
      encoder: await load('encoder'),
      estimator: await load('estimator'),
      vocoder: await load('vocoder'),
      pitch: isPitched ? await load('pitch') : undefined,
    };
    return { graphs, bytes };
  } catch (error) {
    for (const session of sessions) await session.release();
    throw error;
  }
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
