import { join } from 'node:path';
import { decodeAudio } from '#core/audio/decode.ts';
import { encodeAudio } from '#core/audio/encode.ts';

/** Speech of `seconds` as a WAV file: a sample recording, repeated where it is shorter. */
export async function speechClip(seconds: number): Promise<Uint8Array<ArrayBuffer>> {
  const file = join(import.meta.dir, '../../samples/recordings/english.flac');
  const { samples, sampleRate } = (await decodeAudio(await Bun.file(file).bytes())).audio;
  const clip = Float32Array.from({ length: seconds * sampleRate }, (_, i) => samples[i % samples.length] ?? 0);
  return Uint8Array.from(await encodeAudio({ samples: clip, sampleRate }, { format: 'wav16' }));
}
