import type { Voice, VoiceList } from '#server/http/api-types.ts';
import type { ApiTransport } from './api-transport.ts';
import { importVoice } from './import-voice.ts';

/** What is done with voices on the server. */
export interface VoicesApi {
  /** One of the user's own, listed or not. */
  voice(id: string): Promise<Voice>;
  /** The user's own voices, newest first. */
  list(): Promise<Voice[]>;
  /** Makes a voice of recordings whose speaker agrees, for these engines. */
  create(
    name: string,
    references: readonly { readonly blob: Blob; readonly name: string }[],
    engines: readonly string[],
  ): Promise<Voice>;
  importProfile(profile: Blob, name: string): Promise<Voice>;
  rename(id: string, name: string): Promise<Voice>;
  remove(id: string): Promise<void>;
  /** The voice as the portable file. */
  profile(id: string): Promise<Blob>;
}

export function createVoicesApi(transport: ApiTransport): VoicesApi {
  const { get, send, sendJson } = transport;
  const urlOf = (id: string) => `/api/voices/${encodeURIComponent(id)}`;
  return {
    voice: (id) => get(urlOf(id)),
    list: async () => (await get<VoiceList>('/api/voices')).voices.filter(({ sample }) => !sample),
    async create(name, references, engines) {
      const body = new FormData();
      body.append('name', name);
      body.append('consent', 'true');
      body.append('engine', engines.join(','));
      for (const reference of references) body.append('references', reference.blob, reference.name);
      return (await send('/api/voices', { method: 'POST', body })).json();
    },
    importProfile: (profile, name) => importVoice(transport, profile, name, { listed: true }),
    rename: (id, name) => sendJson('PATCH', urlOf(id), { name }),
    async remove(id) {
      await send(urlOf(id), { method: 'DELETE' });
    },
    profile: async (id) => (await send(`${urlOf(id)}/export`, {})).blob(),
  };
}
