import { describe, expect, test } from 'bun:test';
import { createInferenceRuntime } from '../../server/inference.ts';
import { narrowGraph } from '../../tests/support/seed-vc-fixture.ts';

/** An ONNX file with one node, y = Identity(x). */
const graph = Uint8Array.fromBase64(
  'CAhCAhANOjcKEAoBeBIBeSIISWRlbnRpdHkSAWdaDwoBeBIKCggIARIECgIIBGIPCgF5EgoKCAgBEgQKAggE',
);
/** Where its version of the format, its opset and the name of its operator stand. */
const [formatAt, opsetAt, operatorAt] = [1, 5, new TextDecoder('latin1').decode(graph).indexOf('Identity')];
const changed = (at: number, value: number) => graph.map((byte, i) => (i === at ? value : byte));

for (const name of ['wasm', 'native'] as const) {
  const runtime = await createInferenceRuntime(name, 1).catch(() => undefined);
  describe.skipIf(!runtime)(`graphs that ${name === 'wasm' ? 'WebAssembly' : 'native code'} cannot run`, () => {
    for (const [what, bytes, code] of [
      ['a later opset', changed(opsetAt, 99), 'model-unsupported'],
      ['a later format', changed(formatAt, 120), 'model-unsupported'],
      ['an unknown operator', changed(operatorAt, 0x4a), 'model-unsupported'],
      ['a file that was cut off', graph.slice(0, 40), 'model-corrupt'],
      ['an empty file', new Uint8Array(0), 'model-corrupt'],
    ] as const) {
      test(`${what}: ${code}, and others load as before`, async () => {
        await expect(runtime?.createSession(bytes)).rejects.toMatchObject({ code });
        const session = await runtime?.createSession(graph);
        const x = { dims: [4], data: Float32Array.of(1, 2, 3, 4) };
        expect((await session?.run({ x }))?.y).toEqual(x);
      });
    }
  });
}

test('a run that needs more memory than there is says so, and the next one works', async () => {
  const runtime = await createInferenceRuntime('wasm', 1);
  const session = await runtime.createSession(await narrowGraph('fast', 'estimator'));
  const zeros = (...dims: number[]) => ({
    dims,
    data: new Float32Array(dims.reduce((product, size) => product * size, 1)),
  });
  const run = (frames: number) =>
    session.run({
      x: zeros(1, 80, frames),
      prompt: zeros(1, 80, 30),
      time: zeros(1),
      style: zeros(1, 192),
      condition: zeros(1, 30 + frames, 64),
    });
  // Attention weighs every frame against every other: 40000² values are more than WebAssembly can address.
  await expect(run(40_000)).rejects.toMatchObject({ code: 'memory-exhausted' });
  expect((await run(50)).velocity?.dims).toEqual([1, 80, 50]);
});
