import { createSignal } from 'solid-js';

/** One thing that is asked for at a time, with what became of it. */
export function createAttempt() {
  const [busy, setBusy] = createSignal(false);
  const [error, setError] = createSignal<unknown>();
  return {
    busy,
    error,
    /** Runs the work unless another still runs; whether it went well. */
    async run(work: () => Promise<void>): Promise<boolean> {
      if (busy()) return false;
      setBusy(true);
      setError(undefined);
      try {
        await work();
        return true;
      } catch (failure) {
        setError(failure);
        return false;
      } finally {
        setBusy(false);
      }
    },
  };
}
