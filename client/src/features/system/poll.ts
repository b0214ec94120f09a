import { onCleanup } from 'solid-js';

/**
 * Calls `ask` at once and again so many milliseconds after each answer, while the page is seen and the component is there. A failed
 * call is `ask`'s own to handle.
 */
export function poll(ask: (signal: AbortSignal) => Promise<void>, milliseconds: number): void {
  const stopped = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isAsking = false;

  async function next(): Promise<void> {
    clearTimeout(timer);
    if (isAsking || document.hidden || stopped.signal.aborted) return;
    isAsking = true;
    await ask(stopped.signal);
    isAsking = false;
    if (!stopped.signal.aborted) timer = setTimeout(next, milliseconds);
  }

  const look = () => void next();
  document.addEventListener('visibilitychange', look);
  onCleanup(() => {
    stopped.abort();
    clearTimeout(timer);
    document.removeEventListener('visibilitychange', look);
  });
  look();
}
