import { batch, createSignal } from 'solid-js';
import { ServerUnreachableError } from '../../kernel/api-errors.ts';
import type { FileRecording, SavedVoice } from '../../kernel/recording.ts';
import type { Services } from '../../kernel/services.ts';
import type { DeviceVoice } from '../../kernel/stored/device-voices.ts';
import { thatFit } from '../../kernel/stored/that-fit.ts';
import { createVoicesApi } from '../../kernel/voices-api.ts';
import type { EnginesModel } from '../engines/engines-model.ts';
import type { NewVoice } from './new-voice.ts';
import type { VoiceItem, VoicePlace } from './voice-item.ts';

/** What the form needs of the model. */
export interface VoiceStore {
  save(
    place: VoicePlace,
    name: string,
    references: readonly FileRecording[],
    engines: readonly string[],
  ): Promise<void>;
}

/** Of what a voice on this device was made of, so much is kept with it. Bytes. */
const mostSampleBytes = 2 ** 26;

/** The user's saved voices, on the server and on this device. */
export function createVoicesModel(
  { transport, api, engine, deviceData }: Services,
  available: Pick<EnginesModel, 'isHere' | 'isOnServer'>,
) {
  const server = createVoicesApi(transport);
  const device = async () => (await deviceData()).voices;
  const [items, setItems] = createSignal<readonly VoiceItem[]>([]);
  const [isLoaded, setLoaded] = createSignal(false);
  const [isUnreachable, setUnreachable] = createSignal(false);
  const [listProblem, setListProblem] = createSignal<unknown>();
  const profiles = new Map<string, Promise<Blob>>();

  async function serverItems(): Promise<VoiceItem[]> {
    try {
      const voices = await server.list();
      setUnreachable(false);
      return voices.map(({ id, name, quality, engines, speechSeconds, createdAt }) => ({
        id,
        name,
        place: 'server',
        quality,
        engines: engines ?? undefined,
        speechSeconds,
        createdAt: createdAt ?? '',
      }));
    } catch (error) {
      if (error instanceof ServerUnreachableError) setUnreachable(true);
      else setListProblem(error);
      return [];
    }
  }

  async function deviceItems(): Promise<VoiceItem[]> {
    try {
      return (await (await device()).list()).map((voice) => ({
        ...voice,
        place: 'device',
        speechSeconds: voice.quality?.speechSeconds ?? null,
      }));
    } catch (error) {
      setListProblem(error);
      return [];
    }
  }

  async function refresh(): Promise<void> {
    setListProblem(undefined);
    const all = (await Promise.all([serverItems(), deviceItems()])).flat();
    batch(() => {
      setItems(all.toSorted((a, b) => b.createdAt.localeCompare(a.createdAt)));
      setLoaded(true);
    });
  }

  const putOnDevice = async (voice: Omit<DeviceVoice, 'id' | 'createdAt'>) =>
    (await device()).put({ ...voice, id: crypto.randomUUID(), createdAt: new Date().toISOString() });

  /** A server's voice is fetched once; a failed fetch is tried anew the next time. */
  function profileOf(item: VoiceItem): Promise<Blob> {
    if (item.profile) return Promise.resolve(item.profile);
    const known = profiles.get(item.id);
    if (known) return known;
    const fetched = server.profile(item.id);
    profiles.set(item.id, fetched);
    fetched.catch(() => profiles.delete(item.id));
    return fetched;
  }

  let draft: NewVoice | undefined;
  const model = {
    items,
    isLoaded,
    isUnreachable,
    listProblem,
    refresh,
    profileOf,
    /** The voice as a conversion takes it. */
    async choiceOf(item: VoiceItem): Promise<SavedVoice> {
      const id = item.place === 'server' ? { serverId: item.id } : { deviceId: item.id };
      return { kind: 'voice', name: item.name, engines: item.engines, profile: await profileOf(item), ...id };
    },
    /** Makes a voice of recordings and keeps it, for those of the engines that are there. The speaker agrees. */
    async save(
      place: VoicePlace,
      name: string,
      references: readonly FileRecording[],
      wanted: readonly string[],
    ): Promise<void> {
      const there = wanted.filter(place === 'server' ? available.isOnServer : available.isHere);
      // With none of them the error says what is missing.
      const engines = there.length > 0 ? there : wanted;
      if (place === 'server') {
        await api.session();
        await server.create(name, references, engines);
      } else {
        const files = await Promise.all(references.map(({ blob }) => blob.arrayBuffer()));
        const { profile, quality } = await engine.describeVoice({ references: files, engines });
        const samples = thatFit(references, mostSampleBytes).map(({ blob }) => blob);
        await putOnDevice({ name, profile: new Blob([profile]), quality, engines, samples });
      }
      await refresh();
    },
    /** Takes in a portable file. */
    async importFile(place: VoicePlace, profile: Blob, name: string): Promise<void> {
      if (place === 'server') {
        await api.session();
        await server.importProfile(profile, name);
      } else {
        const { engines } = await engine.checkVoice(await profile.arrayBuffer());
        await putOnDevice({ name, profile, quality: null, engines });
      }
      await refresh();
    },
    /** Copies a voice to the other place. */
    async copy(item: VoiceItem): Promise<void> {
      const profile = await profileOf(item);
      if (item.place === 'device') await server.importProfile(profile, item.name);
      else await putOnDevice({ name: item.name, profile, quality: item.quality, engines: item.engines });
      await refresh();
    },
    async rename(item: VoiceItem, name: string): Promise<void> {
      if (item.place === 'server') await server.rename(item.id, name);
      else if (item.profile) await (await device()).put({ ...item, profile: item.profile, name });
      await refresh();
    },
    async remove(item: VoiceItem): Promise<void> {
      if (item.place === 'server') await server.remove(item.id);
      else await (await device()).remove(item.id);
      await refresh();
    },
  };
  return {
    ...model,
    /** The form of the screen "voices", made when it is first shown: what was recorded outlives a look at another screen. */
    draft(create: (model: VoiceStore) => NewVoice): NewVoice {
      draft ??= create(model);
      return draft;
    },
  };
}

export type VoicesModel = ReturnType<typeof createVoicesModel>;
