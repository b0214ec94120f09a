/** Converts in a browser's worker with the client's own host, and measures it. */
import { createBrowserHost } from '#client/kernel/local/host.ts';
import { createConverter } from '#core/convert.ts';
import { measureWarm, type WarmTimings } from '../measure.ts';

export interface BrowserTimings extends WarmTimings {
  /** From a fresh worker to the first result: loading the engine, describing the voice, converting. */
  readonly firstSeconds: number;
}

declare const self: {
  onmessage: ((event: MessageEvent<number>) => void) | null;
  postMessage(message: BrowserTimings | { readonly error: string }): void;
};

self.onmessage = ({ data: rounds }) => {
  measure(rounds).then(
    (timings) => self.postMessage(timings),
    (reason: unknown) => self.postMessage({ error: String(reason) }),
  );
};

async function measure(rounds: number): Promise<BrowserTimings> {
  const [source, reference] = await Promise.all(['/source', '/reference'].map(fetchBytes));
  if (!source || !reference) throw new Error('no recordings');

  const start = performance.now();
  const converter = createConverter(createBrowserHost());
  const voice = await converter.profile([reference]);
  await converter.convert({ source, voice, format: 'wav16' });
  const firstSeconds = (performance.now() - start) / 1000;

  const timings = await measureWarm(converter, { source, reference }, rounds);
  await converter.dispose();
  return { ...timings, firstSeconds };
}

async function fetchBytes(path: string): Promise<Uint8Array> {
  const response = await fetch(path);
  if (!response.ok) throw new Error(`${path}: HTTP ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}
