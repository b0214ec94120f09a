import { type DBSchema, openDB } from 'idb';
import type { ConversionOrder } from '../conversion-order.ts';
import { createChanges } from './changes.ts';
import { asDeviceFull } from './device-full-error.ts';
import { fromStored, type StoredRecording, toStored } from './stored-recording.ts';

/** A conversion that the server shall do once it can be reached. */
export interface OutboxEntry {
  /** Also the Idempotency-Key under which it is sent: however often that is, it is done once. */
  readonly id: string;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
  readonly sourceName: string;
  readonly voiceName: string;
  readonly settings: ConversionOrder['settings'];
  readonly source: StoredRecording;
  readonly voice: StoredRecording;
  /** Why the server would not have it, in the user's language: it is not sent again by itself. */
  readonly refusal?: { readonly title: string; readonly advice: string };
}

export interface OutboxStore {
  /** Oldest first. */
  list(): Promise<OutboxEntry[]>;
  /** Throws `DeviceFullError`. */
  add(order: ConversionOrder, names: Pick<OutboxEntry, 'sourceName' | 'voiceName'>): Promise<void>;
  refuse(id: string, refusal: NonNullable<OutboxEntry['refusal']>): Promise<void>;
  remove(id: string): Promise<void>;
  /** Calls back after every change, made here or in another tab; the answer stops. */
  listen(onChange: () => void): () => void;
}

interface Schema extends DBSchema {
  orders: { key: string; value: OutboxEntry; indexes: { createdAt: string } };
}

const databaseName = 'giong-outbox';

export function openOutboxStore(): OutboxStore {
  const database = openDB<Schema>(databaseName, 1, {
    upgrade(db) {
      db.createObjectStore('orders', { keyPath: 'id' }).createIndex('createdAt', 'createdAt');
    },
  });
  const changes = createChanges(databaseName);
  return {
    list: async () => (await database).getAllFromIndex('orders', 'createdAt'),
    async add({ source, voice, settings }, names) {
      const entry: OutboxEntry = {
        ...names,
        id: crypto.randomUUID(),
        createdAt: new Date().toISOString(),
        settings,
        source: toStored(source),
        voice: toStored(voice),
      };
      try {
        await (await database).add('orders', entry);
      } catch (error) {
        throw asDeviceFull(error);
      }
      changes.tell();
    },
    async refuse(id, refusal) {
      const db = await database;
      const entry = await db.get('orders', id);
      if (entry) await db.put('orders', { ...entry, refusal });
      changes.tell();
    },
    async remove(id) {
      await (await database).delete('orders', id);
      changes.tell();
    },
    listen: changes.listen,
  };
}

/** What is to be converted, undefined when a sample is no longer there. */
export function orderOf({ source, voice, settings }: OutboxEntry): ConversionOrder | undefined {
  const [wholeSource, wholeVoice] = [fromStored(source), fromStored(voice)];
  return wholeSource && wholeVoice && { source: wholeSource, voice: wholeVoice, settings };
}
