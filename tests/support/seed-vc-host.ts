import { UnavailableError } from '#core/errors.ts';
import type { Host } from '#core/host.ts';
import { createBunHost } from '#server/host.ts';
import { narrowFile } from './seed-vc-fixture.ts';

export interface NarrowHost extends Host {
  /** Files that were loaded, in order. */
  readonly loaded: string[];
  /** How often each graph ran, by its file. */
  readonly runs: Record<string, number>;
}

/** A host that has narrow variants of the Seed-VC models, in fp32, and counts what becomes of them. */
export async function createNarrowHost(): Promise<NarrowHost> {
  const host = await createBunHost();
  const loaded: string[] = [];
  const runs: Record<string, number> = {};
  const names = new WeakMap<Uint8Array, string>();
  return {
    ...host,
    loaded,
    runs,
    async loadModel(path) {
      const [, preset, file] = /^seed-vc-(fast|base|hifi)\/(\w+\.\w+)$/.exec(path) ?? [];
      if (path.startsWith('seed-vc-') && (!preset || !file)) {
        throw new UnavailableError('model-missing', { name: path });
      }
      const bytes = preset && file ? await narrowFile(preset, file) : await host.loadModel(path);
      loaded.push(path);
      names.set(bytes, path);
      return bytes;
    },
    runtime: {
      name: host.runtime.name,
      async createSession(model, options) {
        const session = await host.runtime.createSession(model, options);
        const name = names.get(model) ?? '';
        return {
          ...session,
          run(feeds) {
            runs[name] = (runs[name] ?? 0) + 1;
            return session.run(feeds);
          },
        };
      },
    },
  };
}
