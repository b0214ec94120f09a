import { blobOf, type Recording } from '../../kernel/recording.ts';
import type { Services } from '../../kernel/services.ts';
import type { Converted } from './convert-model.ts';

/** How similar the voice of a result is to the one that was asked for, −1..1; null for a saved voice that tells nothing of its speaker. */
export async function similarityTo(
  { file, voice }: Pick<Converted, 'file' | 'voice'>,
  { engine, deviceData }: Pick<Services, 'engine' | 'deviceData'>,
): Promise<number | null> {
  const references = await Promise.all((await soundsOf(voice, deviceData)).map((blob) => blob.arrayBuffer()));
  return (await engine.similarity({ result: await file.arrayBuffer(), references })).similarity;
}

/** What there is of a voice to compare with. The server's voices carry their speaker, this device's lie beside their samples. */
async function soundsOf(voice: Recording, deviceData: Services['deviceData']): Promise<readonly Blob[]> {
  if (voice.kind === 'voice' && voice.deviceId !== undefined) {
    const kept = (await (await deviceData()).voices.list()).find(({ id }) => id === voice.deviceId);
    if (kept?.samples && kept.samples.length > 0) return kept.samples;
  }
  return [await blobOf(voice)];
}
