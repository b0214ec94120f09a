import { runError, sessionError } from './onnx-errors.ts';
import type { InferenceRuntime, InferenceSession, SessionOptions, Tensor } from './runtime.ts';

/** What is used of an ONNX Runtime tensor. */
interface OnnxTensor {
  readonly dims: readonly number[];
  readonly data: unknown;
  dispose(): void;
}

/** What is used of an ONNX Runtime session. */
interface OnnxSession {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  run(feeds: Readonly<Record<string, OnnxTensor>>): Promise<Readonly<Record<string, OnnxTensor>>>;
  release(): Promise<void>;
}

/** The part of the modules `onnxruntime-web` and `onnxruntime-node` that is used; hosts hand the module in. */
export interface OnnxModule {
  readonly env: { readonly wasm: { numThreads?: number } };
  readonly Tensor: {
    new (type: 'float32', data: Float32Array, dims: readonly number[]): object;
    new (type: 'float64', data: Float64Array, dims: readonly number[]): object;
    new (type: 'int32', data: Int32Array, dims: readonly number[]): object;
    new (type: 'int64', data: BigInt64Array, dims: readonly number[]): object;
  };
  readonly InferenceSession: {
    create(
      model: Uint8Array,
      options: {
        executionProviders: string[];
        intraOpNumThreads: number;
        interOpNumThreads: number;
        enableCpuMemArena: boolean;
      },
    ): Promise<object>;
  };
}

export interface OnnxRuntimeOptions {
  readonly name: InferenceRuntime['name'];
  /** Threads of one run; with `wasm` more than 1 needs SharedArrayBuffer. */
  readonly threads: number;
}

/** Runs tasks one after another; a failed task does not stop those behind it. */
function createQueue(): <T>(task: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (task) => {
    const result = last.then(task);
    last = result.catch(() => undefined);
    return result;
  };
}

/**
 * Makes an `InferenceRuntime` of an ONNX Runtime module. All its sessions share one queue, because the WASM build
 * has one instance that must not be entered twice.
 */
export function createOnnxRuntime(ort: OnnxModule, { name, threads }: OnnxRuntimeOptions): InferenceRuntime {
  if (name === 'wasm') ort.env.wasm.numThreads = threads;
  const enqueue = createQueue();

  const toOnnx = ({ data, dims }: Tensor): OnnxTensor => {
    if (data instanceof Float32Array) return new ort.Tensor('float32', data, dims) as OnnxTensor;
    if (data instanceof Float64Array) return new ort.Tensor('float64', data, dims) as OnnxTensor;
    if (data instanceof Int32Array) return new ort.Tensor('int32', data, dims) as OnnxTensor;
    return new ort.Tensor('int64', data, dims) as OnnxTensor;
  };

  return {
    name,
    async createSession(model, options = {}) {
      const session = await enqueue(() => createOnnxSession(ort, model, name, threads, options));
      return wrapSession(session, toOnnx, enqueue);
    },
  };
}

async function createOnnxSession(
  ort: OnnxModule,
  model: Uint8Array,
  name: InferenceRuntime['name'],
  threads: number,
  { runsSeldom = false }: SessionOptions,
): Promise<OnnxSession> {
  try {
    const options = {
      executionProviders: [name === 'wasm' ? 'wasm' : 'cpu'],
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      enableCpuMemArena: !runsSeldom,
    };
    return (await ort.InferenceSession.create(model, options)) as OnnxSession;
  } catch (cause) {
    throw sessionError(cause);
  }
}

function wrapSession(
  session: OnnxSession,
  toOnnx: (tensor: Tensor) => OnnxTensor,
  enqueue: <T>(task: () => Promise<T>) => Promise<T>,
): InferenceSession {
  const run = async (feeds: Readonly<Record<string, Tensor>>): Promise<Record<string, Tensor>> => {
    const inputs: Record<string, OnnxTensor> = {};
    let outputs: Readonly<Record<string, OnnxTensor>> = {};
    try {
      for (const name of session.inputNames) {
        const feed = feeds[name];
        if (!feed) throw new Error(`feed "${name}" is missing`);
        inputs[name] = toOnnx(feed);
      }
      outputs = await session.run(inputs);
      return Object.fromEntries(session.outputNames.map((name) => [name, toTensor(name, outputs[name])]));
    } catch (cause) {
      throw runError(cause);
    } finally {
      for (const tensor of [...Object.values(inputs), ...Object.values(outputs)]) tensor.dispose();
    }
  };

  return {
    inputNames: session.inputNames,
    outputNames: session.outputNames,
    run: (feeds) => enqueue(() => run(feeds)),
    release: () => enqueue(() => session.release()),
  };
}

function toTensor(name: string, tensor: OnnxTensor | undefined): Tensor {
  const data = tensor?.data;
  if (tensor && isNumeric(data)) return { dims: [...tensor.dims], data };
  throw new Error(`output "${name}" is missing or has an unknown type`);
}

function isNumeric(data: unknown): data is Tensor['data'] {
  return [Float32Array, Float64Array, Int32Array, BigInt64Array].some((type) => data instanceof type);
}
