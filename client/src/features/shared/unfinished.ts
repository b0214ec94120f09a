import { createSignal } from 'solid-js';
import type { FileRecording } from '../../kernel/recording.ts';
import type { Services } from '../../kernel/services.ts';
import type { UnfinishedList } from '../../kernel/stored/unfinished-store.ts';

/** Keeps one list of recordings on this device while it is being put together, so that it is there again after a reload. */
export function createUnfinished({ deviceData }: Pick<Services, 'deviceData'>, list: UnfinishedList) {
  const [lostCount, setLostCount] = createSignal(0);
  let asked = 0;

  return {
    /** How many recordings a reload would lose. */
    lostCount,
    /** What an earlier page has left; nothing in a browser that stores nothing. */
    async restore(): Promise<readonly FileRecording[]> {
      try {
        return await (await deviceData()).unfinished.load(list);
      } catch (error) {
        console.info('nothing unfinished was read on this device', error);
        return [];
      }
    },
    /** Keeps these and forgets the others. */
    keep(recordings: readonly FileRecording[]): void {
      asked += 1;
      const mine = asked;
      deviceData()
        .then(({ unfinished }) => unfinished.keep(list, recordings))
        .catch((error: unknown) => {
          console.info('unfinished recordings are not kept on this device', error);
          return recordings.length;
        })
        .then((count) => mine === asked && setLostCount(count));
    },
  };
}
