import { takeOver } from '../service-worker/messages.ts';

/** What is used of a `ServiceWorker`. */
type WorkerLike = Pick<ServiceWorker, 'state' | 'postMessage' | 'addEventListener'>;

/** What is used of a `ServiceWorkerRegistration`. */
export interface RegistrationLike {
  readonly installing: WorkerLike | null;
  readonly waiting: WorkerLike | null;
  readonly active: WorkerLike | null;
  addEventListener(type: 'updatefound', listener: () => void): void;
}

/** What is used of a `ServiceWorkerContainer`. */
export interface ContainerLike {
  readonly controller: unknown;
  register(url: string, options: RegistrationOptions): Promise<RegistrationLike>;
  addEventListener(type: 'controllerchange', listener: () => void): void;
}

export interface OfflineState {
  /** Everything is on this device: the app opens and converts without a network. */
  readonly ready: boolean;
  /** A newer version of the app is there and waits to be loaded. */
  readonly newVersion: boolean;
}

export interface OfflineDependencies {
  readonly container: ContainerLike;
  readonly reload: () => void;
  readonly onChange: (state: OfflineState) => void;
}

/**
 * Keeps the app on this device and watches for newer versions of it. Nothing reloads by itself.
 *
 * @returns loads the newer version, for the user to ask for
 */
export function keepOffline({ container, reload, onChange }: OfflineDependencies): () => void {
  let state: OfflineState = { ready: false, newVersion: false };
  let registration: RegistrationLike | undefined;
  let isAsked = false;
  // Without one the page came from the network: the first service worker to take over is no newer than the page.
  let hadController = container.controller !== null;

  function update(change: Partial<OfflineState>): void {
    state = { ...state, ...change };
    onChange(state);
  }

  function look(): void {
    if (registration?.active?.state === 'activated') update({ ready: true });
    if (registration?.waiting && container.controller !== null) update({ newVersion: true });
  }

  function follow(worker: WorkerLike | null | undefined): void {
    worker?.addEventListener('statechange', look);
  }

  container.addEventListener('controllerchange', () => {
    if (isAsked) reload();
    // Another page has asked for it: this one runs on until its user wants it too.
    else if (hadController) update({ newVersion: true });
    hadController = true;
  });

  container.register('/sw.js', { updateViaCache: 'none' }).then(
    (registered) => {
      registration = registered;
      for (const worker of [registered.installing, registered.waiting, registered.active]) follow(worker);
      registered.addEventListener('updatefound', () => follow(registered.installing));
      look();
    },
    // The app works without, as in a private window that forbids it.
    (error: unknown) => console.info('this browser keeps no copy of the app', error),
  );

  return () => {
    isAsked = true;
    const waiting = registration?.waiting;
    if (waiting) waiting.postMessage(takeOver);
    else reload();
  };
}
