import { join } from 'node:path';
import type { PrecacheList } from '#client/service-worker/precache.ts';

/** Sent in place of a file, never asked for. */
const compressedCopy = /\.(br|gz)$/;

/** Where client/vite.config.ts puts what a device keeps only once it was needed. */
const onRequestFolder = 'assets/on-request/';

/** Bundles the service worker of the built web app in `folder`, with the list of all files there, to `sw.js`. */
export async function buildServiceWorker(folder: string): Promise<void> {
  const { outputs } = await Bun.build({
    entrypoints: [Bun.fileURLToPath(import.meta.resolve('../client/src/service-worker/main.ts'))],
    target: 'browser',
    minify: true,
    define: { precacheList: JSON.stringify(await precacheListOf(folder)) },
  });
  const [bundle] = outputs;
  if (!bundle) throw new Error('the service worker does not build');
  await Bun.write(join(folder, 'sw.js'), bundle);
}

/** Every file that the built app asks for. Those below `assets/` have a hash of their content in their name. */
async function precacheListOf(folder: string): Promise<PrecacheList> {
  const all = (await Array.fromAsync(new Bun.Glob('**/*').scan(folder))).sort();
  const files = all.filter((path) => path !== 'sw.js' && !compressedCopy.test(path));
  const hashed = files.filter((path) => path.startsWith('assets/')).map((path) => `/${path}`);
  const isLarge = (path: string) => path.startsWith(`/${onRequestFolder}`);
  const [assets, onRequest] = [hashed.filter((path) => !isLarge(path)), hashed.filter(isLarge)];
  const pages: Record<string, string> = {};
  for (const path of files.filter((each) => !each.startsWith('assets/'))) {
    pages[path === 'index.html' ? '/' : `/${path}`] = sha256(await Bun.file(join(folder, path)).bytes());
  }
  return { version: sha256(JSON.stringify({ assets, onRequest, pages })).slice(0, 16), assets, onRequest, pages };
}

function sha256(content: string | Uint8Array): string {
  return new Bun.CryptoHasher('sha256').update(content).digest('hex');
}
