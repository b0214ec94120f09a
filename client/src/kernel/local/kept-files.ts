import type { Model } from '#core/models/manifest.ts';
import { canKeepModels, filesOf, type KeptEngine } from '../models-here/kept-engine.ts';
import { type KeptModels, openKeptModels, partBytes } from '../models-here/kept-models.ts';
import { loadModel } from './files.ts';

/** A file below `models/`: one of the app's own, or one that the user had fetched. Throws `UnavailableError`. */
export async function loadAnyModel(path: string): Promise<Uint8Array> {
  const kept = canKeepModels() ? openKeptModels() : undefined;
  const engines = (await kept?.list())?.filter(({ isWhole }) => isWhole) ?? [];
  if (path === 'manifest.json') return manifestWith(engines, await loadModel(path));
  return (kept && (await readKept(path, engines, kept))) ?? loadModel(path);
}

/** The app's manifest, and what is kept beside it. */
function manifestWith(engines: readonly KeptEngine[], bytes: Uint8Array): Uint8Array {
  const manifest = JSON.parse(new TextDecoder().decode(bytes));
  const kept = engines.flatMap((engine) => engine.models.map(describe));
  const own = manifest.models.filter(({ id }: Model) => kept.every((model) => model.id !== id));
  const models = [...kept, ...own];
  return new TextEncoder().encode(JSON.stringify({ ...manifest, models }));
}

function describe({ bytes: _, ...model }: KeptEngine['models'][number]): Model {
  const files = model.files.map(({ path, bytes, sha256 }) => ({ path, bytes, sha256 }));
  return { ...model, files, source: 'server', card: `${model.id}/README.md` };
}

async function readKept(
  path: string,
  engines: readonly KeptEngine[],
  kept: KeptModels,
): Promise<Uint8Array | undefined> {
  const file = engines.flatMap(filesOf).find((each) => each.path === path);
  if (!file) return undefined;
  const whole = new Uint8Array(file.bytes);
  for (let index = 0; index * partBytes < file.bytes; index += 1) {
    const part = await kept.readPart(file, index);
    // The browser may have thrown it out: the check of the hash would say that it is damaged.
    if (!part) return undefined;
    whole.set(part, index * partBytes);
  }
  return whole;
}
