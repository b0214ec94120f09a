import * as ort from 'onnxruntime-web/wasm';
import type { Host } from '#core/host.ts';
import { createOnnxRuntime } from '#core/inference/onnx.ts';
import { loadKernelFile, loadModel } from './files.ts';

/** The host of a browser's worker: files over HTTP from where the app came from, ONNX on WebAssembly in this thread. */
export function createBrowserHost(): Host {
  ort.env.logLevel = 'error';
  return {
    // The models are small: starting threads would cost more than they save.
    runtime: createOnnxRuntime(ort, { name: 'wasm', threads: 1 }),
    loadModel,
    loadKernels: loadKernelFile,
  };
}
