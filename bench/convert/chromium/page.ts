/** The page of the measurement in a browser: `window.measure(rounds)` starts a worker and gives what it found. */
import type { BrowserTimings } from './worker.ts';

declare global {
  interface Window {
    measure(rounds: number): Promise<BrowserTimings>;
  }
}

window.measure = (rounds) =>
  new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
    worker.onmessage = ({ data }: MessageEvent<BrowserTimings | { readonly error: string }>) => {
      if ('error' in data) reject(new Error(data.error));
      else resolve(data);
      worker.terminate();
    };
    worker.onerror = ({ message }) => reject(new Error(message));
    worker.postMessage(rounds);
  });
