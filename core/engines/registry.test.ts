import { expect, test } from 'bun:test';
import { createBunHost } from '../../server/host.ts';
import { createEngine, engineIds } from './registry.ts';

test('the embedded engine comes first', () => {
  expect(engineIds[0]).toBe('mini');
});

test('an engine that does not exist is refused, whatever its name', async () => {
  const host = await createBunHost();
  for (const id of ['nothing', '', 'toString', '__proto__']) {
    await expect(createEngine(id, host)).rejects.toMatchObject({ code: 'engine-unknown' });
  }
});

test('a missing and a broken model are told apart', async () => {
  const host = await createBunHost();
  const missing = { ...host, loadModel: (path: string) => host.loadModel(`nowhere/${path}`) };
  await expect(createEngine('mini', missing)).rejects.toMatchObject({ code: 'model-missing' });
  const broken = { ...host, loadModel: async () => new Uint8Array(100).fill(7) };
  await expect(createEngine('mini', broken)).rejects.toMatchObject({ code: 'model-corrupt' });
});
