import { type AudioLimits, defaultLimits } from '#core/audio/limits.ts';
import { type Converter, createConverter } from '#core/convert.ts';
import { createEngine } from '#core/engines/registry.ts';
import { createBunHost } from './host.ts';

/** The core's converter in this thread; its network runs on one thread, since a server converts one job per core. `modelBytes`: see `ConverterOptions`. */
export async function createBunConverter(
  limits: AudioLimits = defaultLimits,
  dataFolder?: string,
  modelBytes?: number,
): Promise<Converter> {
  return createConverter(await createBunHost({ threads: 1, dataFolder }), { limits, createEngine, modelBytes });
}
