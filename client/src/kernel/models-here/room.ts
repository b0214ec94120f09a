import { deviceMemoryGigabytes } from '../capabilities.ts';
import { fitsMemory } from '../where-to-run.ts';
import { bytesOf, type EngineModel } from './kept-engine.ts';

/** Why this device cannot have models; undefined where, as far as the browser tells, it can. */
export async function refusalOf(models: readonly EngineModel[]): Promise<'memory' | 'storage' | undefined> {
  const modelBytes = bytesOf(models);
  if (!fitsMemory({ sourceSeconds: 0, memoryGigabytes: deviceMemoryGigabytes(), modelBytes })) return 'memory';
  const { quota, usage } = (await navigator.storage?.estimate?.()) ?? {};
  return quota !== undefined && usage !== undefined && modelBytes > quota - usage ? 'storage' : undefined;
}
