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

/** Where they are kept. No `giong-` before it: it outlives the versions of the app, whose caches the service worker tidies. */
export const keptCacheName = 'giong.models';

/** Whether this browser has a place for them: pages without TLS have none. */
export const canKeepModels = (): boolean => 'caches' in globalThis;

export const filesOf = ({ models }: Pick<KeptEngine, 'models'>): EngineModelFile[] =>
  models.flatMap(({ files }) => files);

export const bytesOf = (models: readonly EngineModel[]): number => models.reduce((sum, { bytes }) => sum + bytes, 0);
