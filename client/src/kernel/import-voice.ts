import type { Voice } from '#server/http/api-types.ts';
import type { ApiTransport } from './api-transport.ts';

/** Saves a voice's portable file on the server. The user has said that the voice's owner agrees. */
export async function importVoice(
  { send }: Pick<ApiTransport, 'send'>,
  profile: Blob,
  name: string,
  signal?: AbortSignal,
): Promise<Voice> {
  const body = new FormData();
  body.append('name', name);
  body.append('consent', 'true');
  body.append('file', profile, 'voice.giong-voice');
  return (await send('/api/voices/import', { method: 'POST', body, signal: signal ?? null })).json();
}
