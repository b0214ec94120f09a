/** Tells of changes to what the device stores, in this tab and all others. */
export interface Changes {
  tell(): void;
  /** Calls back after every change; the answer stops. */
  listen(onChange: () => void): () => void;
}

/** @param name of what changes, the same in all tabs */
export function createChanges(name: string): Changes {
  const listeners = new Set<() => void>();
  const otherTabs = new BroadcastChannel(name);
  const tellHere = () => {
    for (const onChange of listeners) onChange();
  };
  otherTabs.onmessage = tellHere;
  return {
    tell() {
      tellHere();
      otherTabs.postMessage('changed');
    },
    listen(onChange) {
      listeners.add(onChange);
      return () => void listeners.delete(onChange);
    },
  };
}
