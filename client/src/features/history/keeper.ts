import { createSignal, onCleanup } from 'solid-js';
import type { ConversionOrder } from '../../kernel/conversion-order.ts';
import type { Services } from '../../kernel/services.ts';
import { DeviceFullError } from '../../kernel/stored/device-full-error.ts';
import type { NewEntry } from '../../kernel/stored/local-history.ts';

/** Keeps results of this device, and orders that wait for the server, while the app is open. */
export function createHistoryKeeper({ deviceData }: Pick<Services, 'deviceData'>) {
  const [problem, setProblem] = createSignal<'full' | 'failed'>();
  const [hasNoted, setNoted] = createSignal(false);
  const sendWaiting = () => void deviceData().then(({ outbox }) => outbox.send(), reportNothing);
  addEventListener('online', sendWaiting);
  onCleanup(() => removeEventListener('online', sendWaiting));
  // What an earlier visit has left; the first screen comes first.
  if (document.readyState === 'complete') sendWaiting();
  else addEventListener('load', sendWaiting, { once: true });

  /** Whether it was kept; where not, `problem` says why. */
  async function tryToKeep(keep: () => Promise<void>): Promise<boolean> {
    try {
      await keep();
      setProblem(undefined);
      return true;
    } catch (error) {
      setProblem(error instanceof DeviceFullError ? 'full' : 'failed');
      return false;
    }
  }

  return {
    problem,
    /** Whether an order that waits for the server was put down in this visit. */
    hasNoted,
    keep: (entry: NewEntry) => tryToKeep(async () => (await deviceData()).history.add(entry)),
    sendLater: (order: ConversionOrder, names: { sourceName: string; voiceName: string }) =>
      tryToKeep(async () => {
        const { waiting, outbox } = await deviceData();
        await waiting.add(order, names);
        setNoted(true);
        outbox.send();
      }),
  };
}

export type HistoryKeeper = ReturnType<typeof createHistoryKeeper>;

/** A browser that stores nothing (a private window) has nothing that waits. */
function reportNothing(error: unknown): void {
  console.info('this browser keeps nothing on the device', error);
}
