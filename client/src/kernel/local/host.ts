import { bytesToHex } from '@noble/hashes/utils.js';
import * as ort from 'onnxruntime-web/wasm';
import type { Host } from '#core/host.ts';
import { createOnnxRuntime } from '#core/inference/onnx.ts';
import { loadKernelFile } from './files.ts';
import { loadAnyModel } from './kept-files.ts';
import { largeWorkerName } from './protocol.ts';

/** More gain little, and leave nothing to the page. */
const mostThreads = 4;

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
    runtime: createOnnxRuntime(ort, { name: 'wasm', threads: threadsOf(self.name) }),
    loadModel: loadAnyModel,
    loadKernels: loadKernelFile,
    // Pages without TLS have none: the core's own is slower.
    sha256: globalThis.crypto.subtle ? sha256 : undefined,
  };
}

/** Small models are done sooner than threads are started; large ones take as many as the page may have. */
function threadsOf(workerName: string): number {
  if (workerName !== largeWorkerName || !globalThis.crossOriginIsolated) return 1;
  return Math.min(mostThreads, navigator.hardwareConcurrency);
}

async function sha256(bytes: Uint8Array): Promise<string> {
  return bytesToHex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>)));
}
