import { type DBSchema, openDB } from 'idb';
import type { FileRecording } from '../recording.ts';
import { thatFit } from './that-fit.ts';

/** What a user is putting together: samples of a voice to be made, files of a batch to be converted. */
export type UnfinishedList = 'voice-samples' | 'batch';

/** Recordings that are in no history yet, kept until they are handed over or discarded. */
export interface UnfinishedStore {
  /** In the order in which they came. */
  load(list: UnfinishedList): Promise<readonly FileRecording[]>;
  /**
   * Makes the list hold these and no others that this page has put there or loaded.
   *
   * @returns how many of them are not kept, for want of room
   */
  keep(list: UnfinishedList, recordings: readonly FileRecording[]): Promise<number>;
}

interface Schema extends DBSchema {
  recordings: {
    key: number;
    value: { readonly list: UnfinishedList; readonly recording: FileRecording };
    indexes: { list: UnfinishedList };
  };
}

/** A list takes no more of a device than this. Bytes. */
const mostBytes = 2 ** 29;

/** Each recording by itself, so that one more does not write the others again. */
export function openUnfinishedStore(): UnfinishedStore {
  const database = openDB<Schema>('giong-unfinished', 1, {
    upgrade: (db) => void db.createObjectStore('recordings', { autoIncrement: true }).createIndex('list', 'list'),
  });
  /** Where what this page knows of lies. */
  const keys: Readonly<Record<UnfinishedList, Map<FileRecording, number>>> = {
    'voice-samples': new Map(),
    batch: new Map(),
  };

  async function keep(list: UnfinishedList, recordings: readonly FileRecording[]): Promise<number> {
    const db = await database;
    const known = keys[list];
    const fit = new Set(thatFit(recordings, mostBytes));
    for (const [recording, key] of known) {
      if (fit.has(recording)) continue;
      await db.delete('recordings', key);
      known.delete(recording);
    }
    let lost = recordings.length - fit.size;
    for (const recording of fit) {
      if (known.has(recording)) continue;
      try {
        known.set(recording, await db.add('recordings', { list, recording }));
      } catch (error) {
        console.info(`${recording.name} is not kept on this device`, error);
        lost += 1;
      }
    }
    return lost;
  }

  let last: Promise<unknown> = Promise.resolve();
  return {
    async load(list) {
      const index = (await database).transaction('recordings').store.index('list');
      const [found, entries] = await Promise.all([index.getAllKeys(list), index.getAll(list)]);
      return entries.map(({ recording }, position) => {
        const key = found[position];
        if (key !== undefined) keys[list].set(recording, key);
        return recording;
      });
    },
    keep(list, recordings) {
      // One after the other: the next must know what this one has put there.
      const kept = last.then(() => keep(list, recordings));
      last = kept.catch(() => undefined);
      return kept;
    },
  };
}
