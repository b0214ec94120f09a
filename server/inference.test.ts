import { expect, test } from 'bun:test';
import { createBunHost } from './host.ts';

test('loading a model leaves the global Worker as it was', async () => {
  const { Worker } = globalThis;
  const host = await createBunHost({ runtime: 'wasm' });
  const session = await host.runtime.createSession(await host.loadModel('mini/encoder.onnx'));
  expect(globalThis.Worker).toBe(Worker);
  await session.release();
});

test('a host that begins to load at once gives the same sessions, and leaves the global Worker alone too', async () => {
  const { Worker } = globalThis;
  const host = await createBunHost({ runtime: 'wasm', warm: true });
  const session = await host.runtime.createSession(await host.loadModel('mini/encoder.onnx'));
  expect(session.inputNames).toEqual(['x']);
  expect(globalThis.Worker).toBe(Worker);
  await session.release();
});

test('the native runtime is refused in words where it is not installed', async () => {
  const installed = await import('onnxruntime-node' as string).then(
    () => true,
    () => false,
  );
  const asked = createBunHost({ runtime: 'native' });
  if (installed) expect((await asked).runtime.name).toBe('native');
  else await expect(asked).rejects.toMatchObject({ code: 'model-missing', details: { name: 'onnxruntime-node' } });
});
