/**
 * The service worker: keeps all files of the app on this device, so that it opens and converts without a network. The build bundles it
 * to `/sw.js` and fills the list in.
 */
import { takeOver } from './messages.ts';
import { createPrecache, type PrecacheList } from './precache.ts';

declare const precacheList: PrecacheList;

interface WaitingEvent {
  waitUntil(work: Promise<unknown>): void;
}

declare const self: {
  readonly clients: {
    claim(): Promise<void>;
    matchAll(options: { type: 'window'; includeUncontrolled: boolean }): Promise<readonly unknown[]>;
  };
  skipWaiting(): Promise<void>;
  addEventListener(type: 'install' | 'activate', listener: (event: WaitingEvent) => void): void;
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
  addEventListener(
    type: 'fetch',
    listener: (event: { readonly request: Request; respondWith(answer: Promise<Response>): void }) => void,
  ): void;
};

const precache = createPrecache(precacheList, {
  caches,
  fetch: (url, init) => fetch(url, init),
  origin: location.origin,
});

self.addEventListener('install', (event) => event.waitUntil(precache.fill()));

self.addEventListener('activate', (event) => event.waitUntil(activate()));

self.addEventListener('fetch', (event) => {
  const answer = precache.answer(event.request);
  if (answer) event.respondWith(answer);
});

// A new version waits until the user asks for it, or until the last page of the old one is closed.
self.addEventListener('message', ({ data }) => {
  if (data === takeOver) void self.skipWaiting();
});

async function activate(): Promise<void> {
  const pages = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  await precache.tidy({ othersOpen: pages.length > 1 });
  // The page of the first visit is served from here too, from now on.
  await self.clients.claim();
}
