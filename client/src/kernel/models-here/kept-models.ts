import type { Engine } from '#server/http/api-types.ts';

/** A model as the server describes it, and a file of it. */
export type EngineModel = NonNullable<Engine['models']>[number];
export type EngineModelFile = EngineModel['files'][number];

/** The models of an engine on this device. */
export interface KeptEngine {
  readonly engine: string;
  readonly models: readonly EngineModel[];
  /** False while a part is still to come. */
  readonly isWhole: boolean;
}

/** Files are kept in parts of this size, so that a broken download costs no more than one. */
export const partBytes = 8 * 2 ** 20;

/** No `giong-` before it: it outlives the versions of the app, whose caches the service worker tidies. */
const cacheName = 'giong.models';
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

/** Undefined where the browser keeps nothing, as on pages without TLS. */
export function openKeptModels(caches: CacheStorage | undefined = globalThis.caches): KeptModels | undefined {
  if (!caches) return undefined;
  const open = () => caches.open(cacheName);
  const partUrl = ({ sha256 }: EngineModelFile, index: number) => `/kept/files/${sha256}/${index}`;

  const kept: KeptModels = {
    async list() {
      // Asking does not make the cache: who keeps nothing has none.
      if (!(await caches.has(cacheName))) return [];
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

export const filesOf = ({ models }: Pick<KeptEngine, 'models'>): EngineModelFile[] =>
  models.flatMap(({ files }) => files);

export const bytesOf = (models: readonly EngineModel[]): number => models.reduce((sum, { bytes }) => sum + bytes, 0);
