import { describe, expect, test } from 'bun:test';
import { createOnnxRuntime, type OnnxModule } from './onnx.ts';
import type { Tensor } from './runtime.ts';

/** A runtime whose sessions double their input `x`, and that tells what happened to its tensors and runs. */
function createFake() {
  const log: string[] = [];
  let alive = 0;
  let running = 0;
  class FakeTensor {
    readonly type: string;
    readonly data: unknown;
    readonly dims: readonly number[];
    constructor(type: string, data: unknown, dims: readonly number[]) {
      this.type = type;
      this.data = data;
      this.dims = dims;
      alive++;
    }
    dispose() {
      alive--;
    }
  }
  const session = {
    inputNames: ['x'],
    outputNames: ['y'],
    async run({ x }: { x?: FakeTensor }) {
      running++;
      log.push(`begin ${running}`);
      await Promise.resolve();
      await Promise.resolve();
      log.push(`end ${running}`);
      running--;
      const values = x?.data;
      if (!(values instanceof Float32Array)) throw new Error('not f32');
      if (values[0] === 13) throw new Error('thirteen');
      return {
        y: new FakeTensor(
          'float32',
          values.map((value) => 2 * value),
          x?.dims ?? [],
        ),
      };
    },
    async release() {
      log.push('release');
    },
  };
  const ort: OnnxModule = {
    env: { wasm: {} },
    Tensor: FakeTensor,
    InferenceSession: {
      async create(model, options) {
        if (model.length === 0) throw new Error('no graph');
        const { executionProviders, intraOpNumThreads, enableCpuMemArena } = options;
        log.push(`create ${executionProviders} ${intraOpNumThreads}${enableCpuMemArena ? '' : ', keeps nothing'}`);
        return session;
      },
    },
  };
  return { ort, log, alive: () => alive };
}

const x = (...values: number[]): Record<string, Tensor> => ({
  x: { dims: [1, values.length], data: Float32Array.from(values) },
});

describe('ONNX Runtime behind the seam', () => {
  test('runs a graph and gives its outputs with their shape', async () => {
    const { ort } = createFake();
    const session = await createOnnxRuntime(ort, { name: 'wasm', threads: 1 }).createSession(new Uint8Array(1));
    expect(await session.run(x(1, 2))).toEqual({ y: { dims: [1, 2], data: Float32Array.of(2, 4) } });
    expect([session.inputNames, session.outputNames]).toEqual([['x'], ['y']]);
  });

  test('tells the WASM build its threads, and chooses the provider by name', async () => {
    const wasm = createFake();
    await createOnnxRuntime(wasm.ort, { name: 'wasm', threads: 3 }).createSession(new Uint8Array(1));
    expect(wasm.ort.env.wasm.numThreads).toBe(3);
    const native = createFake();
    await createOnnxRuntime(native.ort, { name: 'native', threads: 2 }).createSession(new Uint8Array(1));
    expect([...wasm.log, ...native.log]).toEqual(['create wasm 3', 'create cpu 2']);
  });

  test('lets graphs that run seldom keep no memory', async () => {
    const { ort, log } = createFake();
    await createOnnxRuntime(ort, { name: 'native', threads: 1 }).createSession(new Uint8Array(1), { runsSeldom: true });
    expect(log).toEqual(['create cpu 1, keeps nothing']);
  });

  test('lets concurrent callers wait for each other, over all sessions', async () => {
    const { ort, log } = createFake();
    const runtime = createOnnxRuntime(ort, { name: 'wasm', threads: 1 });
    const [a, b] = [await runtime.createSession(new Uint8Array(1)), await runtime.createSession(new Uint8Array(1))];
    await Promise.all([a.run(x(1)), b.run(x(2)), a.run(x(3)), b.release()]);
    expect(log.slice(2)).toEqual(['begin 1', 'end 1', 'begin 1', 'end 1', 'begin 1', 'end 1', 'release']);
  });

  test('goes on after a failed run and a missing feed, and lets go of every tensor', async () => {
    const { ort, alive } = createFake();
    const session = await createOnnxRuntime(ort, { name: 'wasm', threads: 1 }).createSession(new Uint8Array(1));
    const runs = [session.run(x(13)), session.run({}), session.run(x(4))];
    const results = await Promise.allSettled(runs);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled']);
    await expect(session.run({})).rejects.toThrow('feed "x" is missing');
    expect(alive()).toBe(0);
  });

  test('says that a model is corrupt where the runtime cannot read it', async () => {
    const { ort } = createFake();
    const runtime = createOnnxRuntime(ort, { name: 'wasm', threads: 1 });
    await expect(runtime.createSession(new Uint8Array(0))).rejects.toMatchObject({ code: 'model-corrupt' });
    expect((await runtime.createSession(new Uint8Array(1))).inputNames).toEqual(['x']);
  });
});
