import { type EngineModelFile, filesOf, type KeptEngine, keptCacheName } from './kept-engine.ts';

/** Files are kept in parts of this size, so that a broken download costs no more than one. */
export const partBytes = 8 * 2 ** 20;

const enginePath = '/kept/engines/';

/** Models that this device keeps because its user asked for them. */
export interface KeptModels {
  list(): Promise<KeptEngine[]>;
  note(kept: KeptEngine): Promise<void>;
  /** Undefined where the part is not here. */
  readPart(file: EngineModelFile, index: number): Promise<Uint8Array<ArrayBuffer> | undefined>;
  /** Throws `DOMException('QuotaExceededError')`. */
  writePart(file: EngineModelFile, index: number, bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  dropFile(file: EngineModelFile): Promise<void>;
  /** Lets go of all that an engine has here. */
  remove(engine: string): Promise<void>;
}

/** Only where `canKeepModels`. */
export function openKeptModels(): KeptModels {
  const open = () => caches.open(keptCacheName);
  const partUrl = ({ sha256 }: EngineModelFile, index: number) => `/kept/files/${sha256}/${index}`;

  const kept: KeptModels = {
    async list() {
      // Asking does not make the cache: who keeps nothing has none.
      if (!(await caches.has(keptCacheName))) return [];
      const cache = await open();
      const keys = (await cache.keys()).filter(({ url }) => new URL(url).pathname.startsWith(enginePath));
      return Promise.all(keys.map(async (key): Promise<KeptEngine> => (await cache.match(key))?.json()));
    },
    note: async (about) => (await open()).put(`${enginePath}${about.engine}`, Response.json(about)),
    async readPart(file, index) {
      const found = await (await open()).match(partUrl(file, index));
      return found && new Uint8Array(await found.arrayBuffer());
    },
    writePart: async (file, index, bytes) => (await open()).put(partUrl(file, index), new Response(bytes)),
    async dropFile(file) {
      const cache = await open();
      for (let at = 0; at * partBytes < file.bytes; at += 1) await cache.delete(partUrl(file, at));
    },
    async remove(engine) {
      const all = await kept.list();
      const others = new Set(
        all
          .filter((each) => each.engine !== engine)
          .flatMap(filesOf)
          .map(({ sha256 }) => sha256),
      );
      const own = all.filter((each) => each.engine === engine).flatMap(filesOf);
      await (await open()).delete(`${enginePath}${engine}`);
      for (const file of own) if (!others.has(file.sha256)) await kept.dropFile(file);
    },
  };
  return kept;
}
