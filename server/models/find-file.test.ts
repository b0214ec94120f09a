import { afterAll, beforeAll, expect, test } from 'bun:test';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createBunHost } from '../host.ts';

let dataFolder: string;
beforeAll(async () => {
  dataFolder = await mkdtemp(join(tmpdir(), 'giong-host-'));
  await Bun.write(join(dataFolder, 'models', 'extra', 'a.onnx'), 'downloaded');
  await Bun.write(join(dataFolder, 'models', 'mini', 'encoder.onnx'), 'not the embedded one');
});
afterAll(() => rm(dataFolder, { recursive: true }));

test('a host finds what comes with the program, then what was downloaded', async () => {
  const host = await createBunHost({ dataFolder });
  expect(new TextDecoder().decode(await host.loadModel('extra/a.onnx'))).toBe('downloaded');
  expect((await host.loadModel('mini/encoder.onnx')).length).toBe(844_771);
  await expect(host.loadModel('extra/b.onnx')).rejects.toMatchObject({ code: 'model-missing' });
});

test('a host without a data folder has the embedded models alone', async () => {
  const host = await createBunHost();
  expect((await host.loadModel('mini/encoder.onnx')).length).toBe(844_771);
  await expect(host.loadModel('extra/a.onnx')).rejects.toMatchObject({ code: 'model-missing' });
});
