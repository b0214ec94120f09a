import type { ApiClient, UploadControl } from './api-client.ts';
import { blobOf, type Recording } from './recording.ts';

/** Sends what the server does not have yet; the id by which it knows the recording. A device's voice comes into no list there. */
export async function sendRecording(recording: Recording, api: ApiClient, control: UploadControl): Promise<string> {
  if (recording.kind === 'sample') return recording.sample.id;
  if (recording.kind === 'voice') {
    return recording.serverId ?? (await api.sendVoice(recording.profile, recording.name, control.signal)).id;
  }
  return (await api.upload(await blobOf(recording), recording.name, control)).id;
}

/** How a request names the voice that has this id. */
export function targetOf(voice: Recording, id: string): { readonly reference: string } | { readonly voice: string } {
  return voice.kind === 'file' ? { reference: id } : { voice: id };
}
