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

/** Removes voices, results and settings that are kept here. The page has to be loaded anew afterwards. */
export async function removeOwnData(): Promise<void> {
  const databases = (await indexedDB.databases?.()) ?? [];
  for (const { name } of databases) if (name !== undefined) await deleteDatabase(name);
  try {
    for (const key of Object.keys(localStorage)) if (key.startsWith('giong.')) localStorage.removeItem(key);
  } catch {
    // Blocked by the user: then nothing was kept there.
  }
}

/** Resolves when it is gone, or will be as soon as the last page that uses it is closed. */
function deleteDatabase(name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.deleteDatabase(name);
    request.onsuccess = () => resolve();
    request.onblocked = () => resolve();
    request.onerror = () => reject(request.error);
  });
}
