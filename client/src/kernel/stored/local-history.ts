import { type DBSchema, openDB } from 'idb';
import type { ConvertSettings } from '../api-client.ts';
import type { Recording } from '../recording.ts';
import { createChanges } from './changes.ts';
import { asDeviceFull, DeviceFullError } from './device-full-error.ts';
import { type StoredRecording, storedBytes, toStored } from './stored-recording.ts';

/** What is listed of a conversion that ran on this device. */
export interface LocalEntry {
  readonly id: string;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
  readonly sourceName: string;
  readonly voiceName: string;
  readonly settings: ConvertSettings;
  readonly format: NonNullable<ConvertSettings['format']>;
  /** Length of the result; undefined where the browser could not tell. */
  readonly seconds: number | undefined;
  /** Size of the result. */
  readonly bytes: number;
  /** Room that result, source and voice take up together. */
  readonly keptBytes: number;
}

/** The sounds of a conversion. */
export interface LocalFiles {
  readonly result: Blob;
  readonly source: StoredRecording;
  readonly voice: StoredRecording;
}

export interface LocalHistory {
  /** Newest first. */
  list(): Promise<LocalEntry[]>;
  /** Undefined when it was removed, maybe in another tab. */
  files(id: string): Promise<LocalFiles | undefined>;
  /** Throws `DeviceFullError`; nothing is kept then. */
  add(entry: NewEntry): Promise<void>;
  remove(id: string): Promise<void>;
  /** Calls back after every change, made here or in another tab; the answer stops. */
  listen(onChange: () => void): () => void;
}

export interface NewEntry extends Omit<LocalEntry, 'id' | 'createdAt' | 'bytes' | 'keptBytes'> {
  readonly result: Blob;
  readonly source: Recording;
  readonly voice: Recording;
}

interface Schema extends DBSchema {
  entries: { key: string; value: LocalEntry; indexes: { createdAt: string } };
  files: { key: string; value: LocalFiles };
}

const databaseName = 'giong-history';
/** The app takes no more of a device than this, so that a busy week does not fill a phone. Bytes. */
const mostBytes = 2 ** 30;

/** Conversions of this device, kept by the browser until the user deletes them. */
export function openLocalHistory(): LocalHistory {
  const database = openDB<Schema>(databaseName, 1, {
    upgrade(db) {
      db.createObjectStore('entries', { keyPath: 'id' }).createIndex('createdAt', 'createdAt');
      db.createObjectStore('files');
    },
  });
  const changes = createChanges(databaseName);

  return {
    list: async () => (await (await database).getAllFromIndex('entries', 'createdAt')).reverse(),
    files: async (id) => (await database).get('files', id),
    async add({ result, source, voice, ...about }) {
      const db = await database;
      const keptBytes = result.size + storedBytes(source) + storedBytes(voice);
      const used = (await db.getAll('entries')).reduce((sum, entry) => sum + entry.keptBytes, 0);
      if (used + keptBytes > mostBytes) throw new DeviceFullError();
      const id = crypto.randomUUID();
      const createdAt = new Date().toISOString();
      try {
        const change = db.transaction(['entries', 'files'], 'readwrite');
        await Promise.all([
          change.objectStore('entries').add({ ...about, id, createdAt, bytes: result.size, keptBytes }),
          change.objectStore('files').add({ result, source: toStored(source), voice: toStored(voice) }, id),
          change.done,
        ]);
      } catch (error) {
        throw asDeviceFull(error);
      }
      changes.tell();
    },
    async remove(id) {
      const change = (await database).transaction(['entries', 'files'], 'readwrite');
      await Promise.all([
        change.objectStore('entries').delete(id),
        change.objectStore('files').delete(id),
        change.done,
      ]);
      changes.tell();
    },
    listen: changes.listen,
  };
}
