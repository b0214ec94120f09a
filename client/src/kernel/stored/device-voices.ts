import { type DBSchema, openDB } from 'idb';
import type { VoiceQuality } from '#core/voice/quality.ts';
import { type Changes, createChanges } from './changes.ts';
import { asDeviceFull } from './device-full-error.ts';

/** A voice that only this device has. */
export interface DeviceVoice {
  readonly id: string;
  readonly name: string;
  /** The portable file. */
  readonly profile: Blob;
  /** The engines that it serves; undefined for one that was kept before there was a choice. */
  readonly engines?: readonly string[] | undefined;
  /** Of the recordings it was made of; null for an imported one. */
  readonly quality: VoiceQuality | null;
  /** Recordings that it was made of, for comparing results with them; none of an imported one. */
  readonly samples?: readonly Blob[] | undefined;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
}

export interface DeviceVoices extends Pick<Changes, 'listen'> {
  /** Newest first. */
  list(): Promise<DeviceVoice[]>;
  /** Adds a voice, or changes the one of the same id. Throws `DeviceFullError`. */
  put(voice: DeviceVoice): Promise<void>;
  remove(id: string): Promise<void>;
}

interface Schema extends DBSchema {
  voices: { key: string; value: DeviceVoice };
}

export function openDeviceVoices(): DeviceVoices {
  const changes = createChanges('giong-voices');
  const database = openDB<Schema>('giong-voices', 1, {
    upgrade: (db) => void db.createObjectStore('voices', { keyPath: 'id' }),
  });
  return {
    async list() {
      const voices = await (await database).getAll('voices');
      return voices.toSorted((a, b) => b.createdAt.localeCompare(a.createdAt));
    },
    async put(voice) {
      try {
        await (await database).put('voices', voice);
      } catch (error) {
        throw asDeviceFull(error);
      }
      changes.tell();
    },
    async remove(id) {
      await (await database).delete('voices', id);
      changes.tell();
    },
    listen: changes.listen,
  };
}
