import type { Voice } from '#server/http/api-types.ts';
import type { ApiTransport } from './api-transport.ts';

interface Importing {
  /** False for a voice that is sent for conversions alone: it is none of the server's list. */
  readonly listed: boolean;
  readonly signal?: AbortSignal | undefined;
}

/** Takes a voice's portable file to the server. The user has said that the voice's owner agrees. */
export async function importVoice(
  { send }: Pick<ApiTransport, 'send'>,
  profile: Blob,
  name: string,
  { listed, signal }: Importing,
): Promise<Voice> {
  const body = new FormData();
  body.append('name', name);
  body.append('consent', 'true');
  body.append('listed', String(listed));
  body.append('file', profile, 'voice.giong-voice');
  return (await send('/api/voices/import', { method: 'POST', body, signal: signal ?? null })).json();
}
