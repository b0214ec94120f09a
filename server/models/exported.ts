import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { throwIfCancelled, UnavailableError } from '#core/errors.ts';
import { type Model, parseModel } from '#core/models/manifest.ts';
import type { ModelLibrary } from './library.ts';

/** What the exporter puts beside the files of a model: its entry of a manifest. */
const fileName = 'manifest.json';
const mostBytes = 2 ** 20;

/**
 * Takes over all models that the exporter wrote into a folder, each in a folder of its own id; returns their ids. Throws
 * `UnavailableError('model-corrupt' | 'storage-full')` for one that is not what its description says.
 */
export async function addExported(library: ModelLibrary, folder: string): Promise<string[]> {
  const added: string[] = [];
  for (const name of (await readdir(folder).catch(() => [])).sort()) {
    const description = Bun.file(join(folder, name, fileName));
    if (!(await description.exists())) continue;
    const model = parseModel(await description.bytes());
    if (!(await library.add(model, folder))) throw new UnavailableError('model-corrupt', { name: model.id });
    await library.note(model);
    added.push(model.id);
  }
  return added;
}

/** The description of a model below an address. Throws `UnavailableError('download-failed' | 'model-corrupt')`, `CancelledError`. */
export async function describeAt(baseUrl: string, id: string, signal: AbortSignal): Promise<Model> {
  const name = `${id}/${fileName}`;
  const fail = (reason: string, cause?: unknown): never => {
    throw new UnavailableError('download-failed', { name, reason }, { cause });
  };
  const url = `${baseUrl.replace(/\/+$/, '')}/${name}`;
  const response = await fetch(url, { signal }).catch((cause: unknown) => {
    throwIfCancelled(signal);
    return fail('the connection broke off', cause);
  });
  if (response.status !== 200) fail(`status ${response.status}`);
  if (Number(response.headers.get('Content-Length') ?? 0) > mostBytes) fail('too long');
  const model = parseModel(await response.bytes());
  if (model.id !== id) throw new UnavailableError('model-corrupt', { name });
  return model;
}
