import { createResource, onCleanup } from 'solid-js';
import type { SavedVoice } from '../../kernel/recording.ts';
import type { Services } from '../../kernel/services.ts';
import { createVoicesApi } from '../../kernel/voices-api.ts';

/** A voice of the user's, as it is listed. */
export interface SavedVoiceItem {
  readonly id: string;
  readonly name: string;
  readonly place: 'server' | 'device';
  /** Seconds of speech that it was made of; null for an imported one. */
  readonly speechSeconds: number | null;
}

/** The voices that the user saved, on the server and on this device; without the server, the device's. */
export function createSavedVoices({ transport, deviceData }: Pick<Services, 'transport' | 'deviceData'>) {
  const api = createVoicesApi(transport);
  const [onServer, { refetch: askServer }] = createResource(() => api.list().catch(() => undefined));
  const [onDevice, { refetch: readDevice }] = createResource(async () =>
    (await deviceData()).voices.list().catch(() => []),
  );
  let isGone = false;
  let stop: (() => void) | undefined;
  onCleanup(() => {
    isGone = true;
    stop?.();
  });
  void deviceData().then(({ voices }) => {
    if (!isGone) stop = voices.listen(() => void readDevice());
  });

  async function profileOf({ id, place }: SavedVoiceItem): Promise<Blob> {
    if (place === 'server') return api.profile(id);
    const voice = (await (await deviceData()).voices.list()).find((each) => each.id === id);
    if (!voice) throw new Error(`no voice ${id} on this device`);
    return voice.profile;
  }

  return {
    api,
    /** Newest first, the device's before the server's. */
    items: (): readonly SavedVoiceItem[] => [
      ...(onDevice.latest ?? []).map(({ id, name, quality }): SavedVoiceItem => {
        return { id, name, place: 'device', speechSeconds: quality?.speechSeconds ?? null };
      }),
      ...(onServer.latest ?? []).map(({ id, name, speechSeconds }): SavedVoiceItem => {
        return { id, name, place: 'server', speechSeconds };
      }),
    ],
    isLoading: () => onServer.loading && onServer.latest === undefined,
    isServerAway: () => !onServer.loading && onServer.latest === undefined,
    refresh: async () => void (await Promise.all([askServer(), readDevice()])),
    profileOf,
    /** The voice for a conversion, at either place. */
    async recordingOf(item: SavedVoiceItem): Promise<SavedVoice> {
      const profile = await profileOf(item);
      return { kind: 'voice', name: item.name, profile, serverId: item.place === 'server' ? item.id : undefined };
    },
  };
}
