import type { ApiTransport } from '../api-transport.ts';
import { openDeviceVoices } from './device-voices.ts';
import { openDraftStore } from './draft-store.ts';
import { openLocalHistory } from './local-history.ts';
import { createOutbox } from './outbox.ts';
import { openOutboxStore } from './outbox-store.ts';
import { openUnfinishedStore } from './unfinished-store.ts';

/** What the browser keeps for the user on this device, each in a database of its own. */
export function openDeviceData(transport: ApiTransport) {
  const waiting = openOutboxStore();
  const outbox = createOutbox({
    store: waiting,
    transport,
    alone: async (work) => navigator.locks.request('giong-outbox', work),
    after: (milliseconds, action) => {
      const timer = setTimeout(action, milliseconds);
      return () => clearTimeout(timer);
    },
    random: Math.random,
  });
  return {
    history: openLocalHistory(),
    draft: openDraftStore(),
    unfinished: openUnfinishedStore(),
    voices: openDeviceVoices(),
    waiting,
    outbox,
  };
}

export type DeviceData = ReturnType<typeof openDeviceData>;
