import type { ConversionControl, ConversionOrder } from './conversion-order.ts';
import type { LocalEngine } from './local/engine-client.ts';
import { blobOf } from './recording.ts';

/** Converts on this device, in the local engine's worker. */
export function createLocalConversion(engine: LocalEngine) {
  return async function convertHere(
    { source, voice, settings }: ConversionOrder,
    { signal, onStage }: ConversionControl,
  ): Promise<Blob> {
    onStage('preparing', undefined);
    const [sourceBlob, voiceBlob] = await Promise.all([blobOf(source), blobOf(voice)]);
    const conversion = {
      source: await sourceBlob.arrayBuffer(),
      reference: await voiceBlob.arrayBuffer(),
      settings,
    };
    const { bytes, mediaType } = await engine.convert(conversion, {
      signal,
      onProgress: (fraction) => onStage('converting', fraction),
    });
    return new Blob([bytes], { type: mediaType });
  };
}
