import { openDB } from 'idb';

/** A part of what the app keeps on this device. */
export interface KeptPart {
  readonly kind: 'models' | 'samples' | 'app';
  readonly files: number;
  readonly bytes: number;
}

const appCache = /^giong-/;

/** What the service worker keeps, by kind; empty where it keeps nothing. */
export async function keptParts(): Promise<readonly KeptPart[]> {
  if (!('caches' in globalThis)) return [];
  const parts: Record<KeptPart['kind'], { files: number; bytes: number }> = {
    models: { files: 0, bytes: 0 },
    samples: { files: 0, bytes: 0 },
    app: { files: 0, bytes: 0 },
  };
  for (const name of (await caches.keys()).filter((each) => appCache.test(each))) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      const file = await (await cache.match(request))?.blob();
      const part = parts[kindOf(new URL(request.url).pathname)];
      part.files += 1;
      part.bytes += file?.size ?? 0;
    }
  }
  return (['models', 'samples', 'app'] as const)
    .map((kind) => ({ kind, ...parts[kind] }))
    .filter(({ files }) => files > 0);
}

function kindOf(path: string): KeptPart['kind'] {
  if (/\.onnx$/.test(path)) return 'models';
  return /\.(flac|wav|mp3)$/.test(path) ? 'samples' : 'app';
}

/** All that this site stores here, in bytes, as far as the browser tells. */
export async function storedBytes(): Promise<number | undefined> {
  return (await navigator.storage?.estimate?.())?.usage;
}

/** Removes the app's files and lets the service worker go. The page goes on; without a network it opens no more until it is visited again. */
export async function removeAppCopy(): Promise<void> {
  // A page that may have no service worker keeps nothing either.
  const registrations = (await navigator.serviceWorker?.getRegistrations()) ?? [];
  for (const registration of registrations) await registration.unregister();
  if (!('caches' in globalThis)) return;
  for (const name of await caches.keys()) if (appCache.test(name)) await caches.delete(name);
}

/** Empties what is kept here of voices, results and settings. The page has to be loaded anew afterwards. */
export async function removeOwnData(): Promise<void> {
  const databases = (await indexedDB.databases?.()) ?? [];
  for (const { name } of databases) if (name !== undefined) await emptyDatabase(name);
  try {
    for (const key of Object.keys(localStorage)) if (key.startsWith('giong.')) localStorage.removeItem(key);
  } catch {
    // Blocked by the user: then nothing was kept there.
  }
}

/** Emptied rather than deleted: a deletion waits for all pages that have the database open, and whoever opens it then waits too. */
async function emptyDatabase(name: string): Promise<void> {
  const database = await openDB(name);
  try {
    const stores = [...database.objectStoreNames];
    if (stores.length === 0) return;
    const transaction = database.transaction(stores, 'readwrite');
    await Promise.all([...stores.map((store) => transaction.objectStore(store).clear()), transaction.done]);
  } finally {
    database.close();
  }
}
