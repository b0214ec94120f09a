import type { Sample } from './samples.ts';

/** Something with a voice in it that the user chose: a sample of the app, or a file picked, dropped, pasted or recorded. */
export type Recording = { readonly kind: 'sample'; readonly sample: Sample } | SavedVoice | FileRecording;

/** A recording of the user's own. */
export interface FileRecording {
  readonly kind: 'file';
  readonly name: string;
  readonly blob: Blob;
  readonly origin: 'file' | 'microphone';
}

/** A voice that was saved earlier, with its profile as the portable file. */
export interface SavedVoice {
  readonly kind: 'voice';
  readonly name: string;
  readonly profile: Blob;
  /** The engines that it serves, where that is known. */
  readonly engines?: readonly string[] | undefined;
  /** Of a voice that the server has. */
  readonly serverId?: string | undefined;
  /** Of a voice that only this device has. */
  readonly deviceId?: string | undefined;
}

const sampleBlobs = new Map<string, Promise<Blob>>();

/** The recording's bytes; a saved voice's are its profile. A sample is fetched once; a failed fetch is tried anew the next time. */
export function blobOf(recording: Recording): Promise<Blob> {
  if (recording.kind === 'file') return Promise.resolve(recording.blob);
  if (recording.kind === 'voice') return Promise.resolve(recording.profile);
  const { id, url } = recording.sample;
  const known = sampleBlobs.get(id);
  if (known) return known;
  // The first screen shows one: what makes the screen comes first.
  const fetched = fetch(url, { priority: 'low' }).then((response) => {
    if (!response.ok) throw new Error(`${url}: HTTP ${response.status}`);
    return response.blob();
  });
  sampleBlobs.set(id, fetched);
  fetched.catch(() => sampleBlobs.delete(id));
  return fetched;
}
