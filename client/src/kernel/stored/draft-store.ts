import { type DBSchema, openDB } from 'idb';
import type { ConvertSettings } from '../api-client.ts';
import type { StoredRecording } from './stored-recording.ts';

/** What the screens "convert" and "voices" had chosen, and what the server was doing. */
export interface Draft {
  readonly source: StoredRecording;
  readonly voice: StoredRecording;
  /** The reference of one's own, chosen or not. */
  readonly ownVoice: StoredRecording | undefined;
  readonly settings: ConvertSettings;
  readonly job: StoredJob | undefined;
  readonly voiceForm: StoredVoiceForm | undefined;
}

/** What was written about the voice to be made; its samples are kept by themselves. */
export interface StoredVoiceForm {
  readonly name: string;
  readonly consent: boolean;
  readonly place: 'server' | 'device';
  readonly engines: readonly string[];
}

export interface StoredJob {
  readonly id: string;
  readonly source: StoredRecording;
  readonly voice: StoredRecording;
  readonly settings: ConvertSettings;
}

export interface DraftStore {
  load(): Promise<Partial<Draft>>;
  save(part: Partial<Draft>): Promise<void>;
}

interface Schema extends DBSchema {
  parts: { key: string; value: Draft[keyof Draft] };
}

/** Each part by itself, so that moving a slider does not write a long recording again. */
export function openDraftStore(): DraftStore {
  const database = openDB<Schema>('giong-draft', 1, {
    upgrade: (db) => void db.createObjectStore('parts'),
  });
  return {
    async load() {
      const parts = (await database).transaction('parts').store;
      const [keys, values] = await Promise.all([parts.getAllKeys(), parts.getAll()]);
      return Object.fromEntries(keys.map((key, index) => [key, values[index]]));
    },
    async save(part) {
      const change = (await database).transaction('parts', 'readwrite');
      await Promise.all([...Object.entries(part).map(([key, value]) => change.store.put(value, key)), change.done]);
    },
  };
}
