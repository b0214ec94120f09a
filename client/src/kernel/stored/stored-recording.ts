import type { Recording } from '../recording.ts';
import { sampleRecordings, sampleVoices } from '../samples.ts';

/** A recording as IndexedDB keeps it: a sample by its id, as the addresses of its files change with each version of the app. */
export type StoredRecording =
  | { readonly kind: 'sample'; readonly id: string }
  | { readonly kind: 'whole'; readonly recording: Recording };

export function toStored(recording: Recording): StoredRecording {
  return recording.kind === 'sample' ? { kind: 'sample', id: recording.sample.id } : { kind: 'whole', recording };
}

/** Undefined for a sample that this version of the app comes without. */
export function fromStored(stored: StoredRecording): Recording | undefined {
  return stored.kind === 'whole' ? stored.recording : sampleRecordingOf(stored.id);
}

/** The sample of this id, recording or voice. */
export function sampleRecordingOf(id: string): Recording | undefined {
  const sample = [...sampleRecordings, ...sampleVoices].find((known) => known.id === id);
  return sample && { kind: 'sample', sample };
}

/** How many bytes a recording takes up in the device's storage. */
export function storedBytes(recording: Recording): number {
  if (recording.kind === 'sample') return 0;
  return recording.kind === 'file' ? recording.blob.size : recording.profile.size;
}
