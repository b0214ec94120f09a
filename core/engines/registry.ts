import { InputError } from '../errors.ts';
import type { Host } from '../host.ts';
import type { Engine } from './engine.ts';
import type { PresetId } from './seed-vc/presets.ts';

/** Loads an engine's models on the host. Throws `UnavailableError('model-missing' | 'model-corrupt')`. */
type EngineFactory = (host: Host) => Promise<Engine>;

async function seedVc(id: PresetId): Promise<EngineFactory> {
  const { createSeedVc } = await import('./seed-vc/engine.ts');
  return (host) => createSeedVc(id, host);
}

/** Engines by id. Each is imported on first use only, so that a host carries no code of those it never runs. */
const factories: Readonly<Record<string, () => Promise<EngineFactory>>> = {
  mini: async () => (await import('./mini/engine.ts')).createMini,
  'seed-vc-fast': () => seedVc('seed-vc-fast'),
  'seed-vc-base': () => seedVc('seed-vc-base'),
  'seed-vc-hifi': () => seedVc('seed-vc-hifi'),
};

/** Ids of all engines, the embedded one first. */
export const engineIds: readonly string[] = Object.keys(factories);

/** Those that are small and quick enough for a browser. */
export const browserEngineIds: readonly string[] = ['mini', 'seed-vc-fast'];

/** Loads an engine. Throws `InputError('engine-unknown')`. */
export async function createEngine(id: string, host: Host): Promise<Engine> {
  const factory = Object.hasOwn(factories, id) ? factories[id] : undefined;
  if (!factory) throw new InputError('engine-unknown', { engine: id });
  return (await factory())(host);
}
