/** A dense tensor, row-major. `data.length` is the product of `dims`. */
export interface Tensor {
  readonly dims: readonly number[];
  readonly data: Float32Array | Float64Array | Int32Array | BigInt64Array;
}

/** One loaded ONNX graph. Runs are serial: a second `run` waits for the first. */
export interface InferenceSession {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  /** Runs the graph; throws when a feed is missing, `UnavailableError('memory-exhausted')`. The outputs belong to the caller. */
  run(feeds: Readonly<Record<string, Tensor>>): Promise<Record<string, Tensor>>;
  release(): Promise<void>;
}

export interface SessionOptions {
  /**
   * Each run gives its working memory back to the system. For large graphs that run once or a few times a recording: kept, what one of them
   * has needed would lie idle while the next one needs as much.
   */
  readonly runsSeldom?: boolean;
}

/** What a host must offer to run ONNX graphs: `wasm` (onnxruntime-web) everywhere, `native` (onnxruntime-node) where installed. */
export interface InferenceRuntime {
  readonly name: 'wasm' | 'native';
  /** Loads a graph from the bytes of an `.onnx` file. Throws `UnavailableError('model-corrupt' | 'model-unsupported' | 'memory-exhausted')`. */
  createSession(model: Uint8Array, options?: SessionOptions): Promise<InferenceSession>;
}
