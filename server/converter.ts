import { type AudioLimits, defaultLimits } from '#core/audio/limits.ts';
import { type Converter, createConverter } from '#core/convert.ts';
import { createEngine } from '#core/engines/registry.ts';
import type { Host } from '#core/host.ts';
import { createBunHost } from './host.ts';

/** The core's converter in this thread; its network runs on one thread, since a server converts one job per core. */
export async function createBunConverter(limits: AudioLimits = defaultLimits, host?: Host): Promise<Converter> {
  return createConverter(host ?? (await createBunHost({ threads: 1 })), { limits, createEngine });
}
