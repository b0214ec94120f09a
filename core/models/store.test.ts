import { describe, expect, test } from 'bun:test';
import { join } from 'node:path';
import { engineIds } from '../engines/registry.ts';
import { parseManifest } from './manifest.ts';
import { createModelStore } from './store.ts';

const folder = join(import.meta.dir, '../../models');
const loadModel = (path: string) => Bun.file(join(folder, path)).bytes();

describe('the models that come with the product', () => {
  test('are what the manifest says, and have a card each', async () => {
    const store = createModelStore({ loadModel });
    for (const { files, card } of (await store.manifest()).models) {
      for (const { path, bytes } of files) expect((await store.load(path)).length).toBe(bytes);
      expect(await Bun.file(join(folder, card)).exists()).toBe(true);
    }
  });

  test('are all that the engines need', async () => {
    const { engines, models } = await createModelStore({ loadModel }).manifest();
    const known = models.map((model) => model.id);
    for (const id of engineIds) {
      expect(engines[id]?.length).toBeGreaterThan(0);
      // The others are brought: they have a description of their own.
      for (const model of engines[id] ?? []) expect(known.includes(model) || model.startsWith('seed-vc-')).toBe(true);
    }
  });
});

test('a file that was changed by one bit is not given out', async () => {
  const store = createModelStore({
    async loadModel(path) {
      const bytes = await loadModel(path);
      if (path.endsWith('.onnx')) bytes[1000] = (bytes[1000] ?? 0) ^ 1;
      return bytes;
    },
  });
  expect(store.load('swift-f0/network.onnx')).rejects.toMatchObject({ code: 'model-corrupt' });
});

test('a file that is not in the manifest is not there', async () => {
  const store = createModelStore({ loadModel });
  for (const path of ['mini/README.md', '../package.json', '']) {
    await expect(store.load(path)).rejects.toMatchObject({ code: 'model-missing' });
  }
});

test('a manifest that could not be loaded is tried again', async () => {
  let tries = 0;
  const store = createModelStore({
    loadModel: (path) => {
      tries++;
      return tries === 1 ? Promise.reject(new Error('offline')) : loadModel(path);
    },
  });
  await expect(store.manifest()).rejects.toThrow('offline');
  expect((await store.manifest()).version).toBe(1);
});

test('a manifest that makes no sense is refused', () => {
  const model = { id: 'a', name: 'A', version: '1', licence: 'MIT', source: 'x', card: 'a.md', files: [] };
  const file = { path: 'a.onnx', bytes: 3, sha256: 'f'.repeat(64) };
  const parse = (value: unknown) => parseManifest(new TextEncoder().encode(JSON.stringify(value)));
  const remote = { ...file, path: 'a/b.onnx', url: 'https://models.example/b.onnx' };
  expect(parse({ version: 1, engines: {}, models: [{ ...model, files: [file, remote] }] }).models.length).toBe(1);
  for (const wrong of [
    null,
    [],
    { version: 2, engines: {}, models: [] },
    { version: 1, engines: { mini: 'mini' }, models: [] },
    { version: 1, engines: {}, models: [{ ...model, licence: 3 }] },
    { version: 1, engines: {}, models: [{ ...model, files: [{ ...file, sha256: 'F'.repeat(64) }] }] },
    { version: 1, engines: {}, models: [{ ...model, files: [{ ...file, bytes: 1.5 }] }] },
    { version: 1, engines: {}, models: [{ ...model, id: '../a' }] },
    { version: 1, engines: {}, models: [{ ...model, files: [{ ...file, path: '../a.onnx' }] }] },
    { version: 1, engines: {}, models: [{ ...model, files: [{ ...file, path: '/etc/a.onnx' }] }] },
    { version: 1, engines: {}, models: [{ ...model, files: [{ ...file, path: 'a\\..\\b.onnx' }] }] },
    { version: 1, engines: {}, models: [{ ...model, files: [{ ...file, url: 'file:///a.onnx' }] }] },
  ]) {
    expect(() => parse(wrong)).toThrow('model-corrupt');
  }
  expect(() => parseManifest(new TextEncoder().encode('{'))).toThrow('model-corrupt');
});
