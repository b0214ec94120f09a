/** The files that make up one version of the app, written by the build. */
export interface PrecacheList {
  /** Changes whenever any of the files does. */
  readonly version: string;
  /** Paths of files whose names carry a hash of their content: two versions may share them. */
  readonly assets: readonly string[];
  /** Files, hashed likewise, that are kept only once somebody has needed them: large ones that few people use. */
  readonly onRequest: readonly string[];
  /** The other files: path and SHA-256 of the content, in hexadecimal. */
  readonly pages: Readonly<Record<string, string>>;
}

/** What the precache needs of a service worker's surroundings. */
export interface PrecacheHost {
  readonly caches: Pick<CacheStorage, 'open' | 'keys' | 'delete'>;
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  /** Scheme, host and port of the app. */
  readonly origin: string;
}

const assetCacheName = 'giong-assets';
const pageCachePrefix = 'giong-pages-';

/** Fetched at once: enough to fill the line, few enough that the page's own requests get through. */
const parallelFetches = 4;

/** The app's own copy of all its files. An address that is not in the list is none of its business. */
export function createPrecache(list: PrecacheList, { caches, fetch, origin }: PrecacheHost) {
  const assets = new Set(list.assets);
  const onRequest = new Set(list.onRequest);
  const pageCacheName = `${pageCachePrefix}${list.version}`;

  async function fetchWhole(path: string, cache: RequestCache): Promise<Response> {
    const response = await fetch(path, { cache });
    if (!response.ok || response.redirected) throw new Error(`${path}: HTTP ${response.status}`);
    return response;
  }

  async function cached(path: string): Promise<Response | undefined> {
    const cache = await caches.open(Object.hasOwn(list.pages, path) ? pageCacheName : assetCacheName);
    // What was kept has been decoded, so it serves whatever the request accepts.
    return cache.match(path, { ignoreVary: true });
  }

  async function fetchAndKeep(path: string): Promise<Response> {
    const response = await fetchWhole(path, 'default');
    const cache = await caches.open(assetCacheName);
    // A device that has no room for it is answered all the same.
    await cache.put(path, response.clone()).catch(() => undefined);
    return response;
  }

  return {
    /**
     * Fetches what is not there yet. Throws when a file is missing or is not of this version, as while a new one is being put on the
     * server: the browser then keeps the version it has, and tries again at a later visit.
     */
    async fill(): Promise<void> {
      const [assetCache, pageCache] = [await caches.open(assetCacheName), await caches.open(pageCacheName)];
      await forEach(list.assets, parallelFetches, async (path) => {
        if (!(await assetCache.match(path, { ignoreVary: true }))) {
          await assetCache.put(path, await fetchWhole(path, 'default'));
        }
      });
      await forEach(Object.keys(list.pages), parallelFetches, async (path) => {
        const response = await fetchWhole(path, 'no-cache');
        if ((await sha256(response.clone())) !== list.pages[path]) throw new Error(`${path} is of another version`);
        await pageCache.put(path, response);
      });
    },

    /** Lets go of other versions; of their assets only when no page may still ask for them. */
    async tidy({ othersOpen }: { readonly othersOpen: boolean }): Promise<void> {
      for (const name of await caches.keys()) {
        if (name.startsWith(pageCachePrefix) && name !== pageCacheName) await caches.delete(name);
      }
      if (othersOpen) return;
      const cache = await caches.open(assetCacheName);
      for (const request of await cache.keys()) {
        const { pathname } = new URL(request.url);
        if (!assets.has(pathname) && !onRequest.has(pathname)) await cache.delete(request);
      }
    },

    /** The answer to a request for one of the files; undefined when the request should go its usual way. */
    answer(request: Request): Promise<Response> | undefined {
      const { origin: asked, pathname } = new URL(request.url);
      const isOurs = request.method === 'GET' && asked === origin;
      const isLarge = onRequest.has(pathname);
      if (!isOurs || !(isLarge || assets.has(pathname) || Object.hasOwn(list.pages, pathname))) return undefined;
      const fetchMissing = () => (isLarge ? fetchAndKeep(pathname) : fetchWhole(pathname, 'default'));
      return cached(pathname).then((response) => response ?? fetchMissing());
    },
  };
}

/** Does `work` for each item, at most `limit` at a time; the first failure fails it. */
async function forEach<T>(items: readonly T[], limit: number, work: (item: T) => Promise<void>): Promise<void> {
  const left = [...items];
  const workInTurn = async () => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: limit }, workInTurn));
}

async function sha256(response: Response): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', await response.arrayBuffer());
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
