import { type AudioLimits, defaultLimits } from '#core/audio/limits.ts';
import { type Converter, createConverter } from '#core/convert.ts';
import { createEngine } from '#core/engines/registry.ts';
import { createSpeakerEncoder, type SpeakerEncoder } from '#core/voice/similarity.ts';
import { createBunHost } from './host.ts';

/** The core's converter in this thread; its network runs on one thread, since a server converts one job per core. */
export async function createBunConverter(limits: AudioLimits = defaultLimits, dataFolder?: string): Promise<Converter> {
  return (await createBunTools(limits, dataFolder)).converter;
}

/** The converter, and what tells whose voice a recording is. They share a host: ONNX Runtime must not be entered twice. `modelBytes`: see `ConverterOptions`. */
export async function createBunTools(
  limits: AudioLimits = defaultLimits,
  dataFolder?: string,
  modelBytes?: number,
): Promise<{ readonly converter: Converter; readonly speakers: SpeakerEncoder }> {
  const host = await createBunHost({ threads: 1, dataFolder });
  return {
    converter: createConverter(host, { limits, createEngine, modelBytes }),
    speakers: createSpeakerEncoder(host, limits),
  };
}
