import { join } from 'node:path';
import type { Model, ModelFile } from '#core/models/manifest.ts';
import { narrowFile } from './seed-vc-fixture.ts';

const graphs = ['encoder.onnx', 'regulator.onnx', 'estimator.onnx', 'vocoder.onnx'] as const;

/** Writes a narrow model into `folder` as the exporter does: graphs and description in a folder of its own. */
export async function writeNarrowModel(folder: string, preset: 'fast' | 'base', suffix = ''): Promise<Model> {
  const id = `seed-vc-${preset}${suffix}`;
  const files: ModelFile[] = [];
  for (const file of preset === 'fast' ? ['features.onnx', ...graphs, 'vocoder.safetensors'] : graphs) {
    const path = `${id}/${file}`;
    const bytes = await narrowFile(preset, file);
    await Bun.write(join(folder, path), bytes);
    files.push({ path, bytes: bytes.length, sha256: new Bun.CryptoHasher('sha256').update(bytes).digest('hex') });
  }
  const about = { name: id, version: '1', licence: 'GPL-3.0-only', source: 'tests', card: `${id}/README.md` };
  const model: Model = { id, ...about, files };
  await Bun.write(join(folder, id, 'manifest.json'), JSON.stringify(model));
  return model;
}
