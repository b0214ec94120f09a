import { createResource, createSignal } from 'solid-js';
import { InputError } from '#core/errors.ts';
import { blobOf, type Recording } from '../../kernel/recording.ts';
import type { Services } from '../../kernel/services.ts';
import type { DeviceVoice } from '../../kernel/stored/device-voices.ts';
import { createSavedVoices, type SavedVoiceItem } from './saved-voices.ts';

/** As many as the server takes. */
export const mostReferences = 10;
/** Speech beyond which more makes a voice hardly better, in seconds. */
export const goodSpeechSeconds = 10;

export type KeptAt = 'server' | 'device';

/** State and commands of the screen "voices". */
export function createVoicesModel(services: Pick<Services, 'transport' | 'deviceData' | 'engine'>) {
  const { deviceData, engine } = services;
  const saved = createSavedVoices(services);
  const [references, setReferences] = createSignal<readonly Recording[]>([]);
  const buffers = async () =>
    Promise.all(references().map(async (reference) => (await blobOf(reference)).arrayBuffer()));
  const [quality] = createResource(
    () => references().length > 0 && references(),
    async () => engine.voiceQuality(await buffers()),
  );

  async function keepOnDevice(voice: Pick<DeviceVoice, 'name' | 'profile' | 'quality'>): Promise<void> {
    const { voices } = await deviceData();
    await voices.put({ ...voice, id: crypto.randomUUID(), createdAt: new Date().toISOString() });
  }

  return {
    saved,
    references,
    /** What the references are worth together; its `error` says what is wrong with one of them. */
    quality,
    add: (more: readonly Recording[]) => setReferences((list) => [...list, ...more].slice(0, mostReferences)),
    removeReference: (reference: Recording) => setReferences((list) => list.filter((each) => each !== reference)),

    /** Makes a voice of the references; they stay until that has gone well. */
    async save(name: string, place: KeptAt): Promise<void> {
      if (place === 'server') {
        const files = await Promise.all(
          references().map(async (reference, index) => ({ blob: await blobOf(reference), name: `${index + 1}` })),
        );
        await saved.api.create(name, files);
      } else {
        const described = await engine.describeVoice(await buffers());
        await keepOnDevice({ name, profile: new Blob([described.profile]), quality: described.quality });
      }
      setReferences([]);
      await saved.refresh();
    },

    /** Takes in a voice's portable file: to the server, or where that is away, on this device. Throws `InputError`. */
    async import(file: File): Promise<string> {
      const name = file.name.replace(/\.giong-voice$/i, '');
      if (file.size === 0) throw new InputError('voice-corrupt');
      if (saved.isServerAway()) await keepOnDevice({ name, profile: file, quality: null });
      else await saved.api.importProfile(file, name);
      await saved.refresh();
      return name;
    },

    async rename({ id, place }: SavedVoiceItem, name: string): Promise<void> {
      if (place === 'server') await saved.api.rename(id, name);
      else {
        const { voices } = await deviceData();
        const voice = (await voices.list()).find((each) => each.id === id);
        if (voice) await voices.put({ ...voice, name });
      }
      await saved.refresh();
    },

    async remove({ id, place }: SavedVoiceItem): Promise<void> {
      if (place === 'server') await saved.api.remove(id);
      else await (await deviceData()).voices.remove(id);
      await saved.refresh();
    },
  };
}

export type VoicesModel = ReturnType<typeof createVoicesModel>;
