import { UnavailableError } from '#core/errors.ts';
import { createOnnxRuntime, type OnnxModule } from '#core/inference/onnx.ts';
import type { InferenceRuntime } from '#core/inference/runtime.ts';
import { giveLargeBlocksBack } from './native-memory.ts';

/** Which ONNX Runtime a process uses: `auto` takes the native one where its package is installed, else WebAssembly. */
export type RuntimeChoice = 'auto' | 'wasm' | 'native';

// No dependency of the project (288 MB): a name in a variable keeps the type checker and bundlers from looking for it.
const nativePackage: string = 'onnxruntime-node';

const { Worker } = globalThis;

/** An ONNX file with one node, y = x. */
const smallestGraph = Uint8Array.fromBase64(
  'CAhCAhANOjcKEAoBeBIBeSIISWRlbnRpdHkSAWdaDwoBeBIKCggIARIECgIIBGIPCgF5EgoKCAgBEgQKAggE',
);

/** Throws `UnavailableError('model-missing')` when `native` is asked for and not installed. */
export async function createInferenceRuntime(choice: RuntimeChoice, threads: number): Promise<InferenceRuntime> {
  if (choice !== 'wasm') {
    const native = await loadNative();
    if (native) return createOnnxRuntime(native, { name: 'native', threads });
    if (choice === 'native') throw new UnavailableError('model-missing', { name: nativePackage });
  }
  const ort = await import('onnxruntime-web');
  ort.env.logLevel = 'error';
  const runtime = createOnnxRuntime(ort, { name: 'wasm', threads });
  return { name: runtime.name, createSession: (...given) => keepingWorker(() => runtime.createSession(...given)) };
}

/**
 * Has ONNX Runtime loaded before the first model comes: its WebAssembly compiles in another thread, meanwhile this one can do
 * other work. That it fails shows with the first model. (A session is the one thing that makes onnxruntime-web begin.)
 */
export async function warmInference(runtime: InferenceRuntime): Promise<void> {
  try {
    await (await runtime.createSession(smallestGraph)).release();
  } catch {
    return;
  }
}

/** onnxruntime-web puts Node's `Worker` in the place of the web's when it starts, which the rest of the process still needs. */
async function keepingWorker<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } finally {
    globalThis.Worker = Worker;
  }
}

async function loadNative(): Promise<OnnxModule | undefined> {
  try {
    const native: OnnxModule = await import(nativePackage);
    giveLargeBlocksBack();
    return native;
  } catch {
    // Not installed, or built for another machine: WebAssembly does the same, slower.
    return undefined;
  }
}
