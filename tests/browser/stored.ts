import type { Page } from 'playwright-core';

/** The app writes behind what is seen: waits until an entry of a database holds this. Without a key, until the store has as many entries. */
export async function untilStored(
  page: Page,
  database: string,
  store: string,
  key: string,
  holds: object,
): Promise<void>;
export async function untilStored(
  page: Page,
  database: string,
  store: string,
  key: undefined,
  count: number,
): Promise<void>;
export async function untilStored(
  page: Page,
  database: string,
  store: string,
  key: string | undefined,
  wanted: unknown,
) {
  await page.waitForFunction(
    async ([name, storeName, entry, expected]) => {
      const answerTo = <T>(request: IDBRequest<T>) =>
        new Promise<T>((resolve, reject) => {
          request.onsuccess = () => resolve(request.result);
          request.onerror = () => reject(request.error);
        });
      const opened = await answerTo(indexedDB.open(name));
      try {
        const entries = opened.transaction(storeName).objectStore(storeName);
        if (entry === undefined) return (await answerTo(entries.count())) === expected;
        const value = await answerTo(entries.get(entry));
        return Object.entries(expected as object).every(([part, content]) => value?.[part] === content);
      } finally {
        opened.close();
      }
    },
    [database, store, key, wanted] as const,
  );
}
