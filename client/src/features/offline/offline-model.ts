import { createSignal } from 'solid-js';
import { wantsToSaveData } from '../../kernel/capabilities.ts';
import { keepOffline, type OfflineState } from '../../kernel/offline.ts';

/** Whether the app is on this device, and whether a newer version of it waits. */
export function createOfflineModel() {
  const [state, setState] = createSignal<OfflineState>({ ready: false, newVersion: false });
  let loadNewVersion: (() => void) | undefined;

  function start(): void {
    if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return;
    const container = navigator.serviceWorker;
    // Who spares their data keeps what was kept before, and loads nothing ahead.
    if (wantsToSaveData() && !container.controller) return;
    loadNewVersion = keepOffline({ container, reload: () => location.reload(), onChange: setState });
  }

  // The first screen comes first.
  if (document.readyState === 'complete') start();
  else addEventListener('load', start, { once: true });

  return {
    isReady: () => state().ready,
    hasNewVersion: () => state().newVersion,
    loadNewVersion: () => loadNewVersion?.(),
  };
}

export type OfflineModel = ReturnType<typeof createOfflineModel>;
