import { describe, expect, test } from 'bun:test';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { paths } from '../../paths.ts';
import { examineFiles } from './files.ts';

describe('doctor', () => {
  test('tells a missing model file and a changed one from the good ones', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'giong-models-'));
    for (const part of ['manifest.json', 'mini', 'swift-f0']) {
      await cp(join(paths.models, part), join(folder, part), { recursive: true });
    }
    await rm(join(folder, 'mini/encoder.onnx'));
    await Bun.write(join(folder, 'mini/decoder.onnx'), 'not the weights');
    const files = await examineFiles(folder);
    const states = Object.fromEntries(files.map(({ name, state }) => [name, state]));
    expect(states).toMatchObject({
      'mini/encoder.onnx': 'missing',
      'mini/decoder.onnx': 'corrupt',
      'swift-f0/network.onnx': 'good',
    });
    await rm(folder, { recursive: true });
  });

  test('without a manifest says which file is missing', async () => {
    await expect(examineFiles('/nowhere')).rejects.toMatchObject({
      code: 'model-missing',
      details: { name: 'manifest.json' },
    });
  });
});
