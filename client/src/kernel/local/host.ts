import * as ort from 'onnxruntime-web/wasm';
import type { Host } from '#core/host.ts';
import { createOnnxRuntime } from '#core/inference/onnx.ts';
import { loadKernelFile, loadModel } from './files.ts';

let shared: Host | undefined;

/** This thread's one host: ONNX Runtime has one instance here, which must not be entered twice. */
export function browserHost(): Host {
  shared ??= createBrowserHost();
  return shared;
}

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
