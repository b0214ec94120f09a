import { expect, test } from 'bun:test';
import { type ContainerLike, keepOffline, type OfflineState, type RegistrationLike } from './offline.ts';

/** A service worker that the test moves by hand. */
class FakeWorker extends EventTarget {
  state: ServiceWorkerState = 'installing';
  readonly received: unknown[] = [];

  postMessage(message: unknown): void {
    this.received.push(message);
  }
  becomes(state: ServiceWorkerState): void {
    this.state = state;
    this.dispatchEvent(new Event('statechange'));
  }
}

class FakeRegistration extends EventTarget {
  installing: FakeWorker | null = null;
  waiting: FakeWorker | null = null;
  active: FakeWorker | null = null;
}

class FakeContainer extends EventTarget implements ContainerLike {
  controller: unknown = null;
  constructor(private readonly registration: FakeRegistration) {
    super();
  }
  register(): Promise<RegistrationLike> {
    return Promise.resolve(this.registration as unknown as RegistrationLike);
  }
}

function setUp({ controlled }: { readonly controlled: boolean }) {
  const registration = new FakeRegistration();
  const container = new FakeContainer(registration);
  if (controlled) {
    registration.active = new FakeWorker();
    registration.active.state = 'activated';
    container.controller = registration.active;
  }
  const seen = { state: { ready: false, newVersion: false } as OfflineState, reloads: 0 };
  const loadNewVersion = keepOffline({
    container,
    reload: () => {
      seen.reloads += 1;
    },
    onChange: (state) => {
      seen.state = state;
    },
  });
  return { registration, container, seen, loadNewVersion };
}

test('the first visit is ready once everything is kept, and has no newer version', async () => {
  const { registration, container, seen } = setUp({ controlled: false });
  const worker = new FakeWorker();
  registration.installing = worker;
  await Promise.resolve();
  expect(seen.state).toEqual({ ready: false, newVersion: false });
  registration.installing = null;
  registration.active = worker;
  container.controller = worker;
  container.dispatchEvent(new Event('controllerchange'));
  worker.becomes('activated');
  expect(seen).toEqual({ state: { ready: true, newVersion: false }, reloads: 0 });
});

test('a newer version is offered, and loaded only when asked for', async () => {
  const { registration, container, seen, loadNewVersion } = setUp({ controlled: true });
  await Promise.resolve();
  expect(seen.state).toEqual({ ready: true, newVersion: false });
  const newer = new FakeWorker();
  registration.installing = newer;
  registration.dispatchEvent(new Event('updatefound'));
  registration.installing = null;
  registration.waiting = newer;
  newer.becomes('installed');
  expect(seen).toEqual({ state: { ready: true, newVersion: true }, reloads: 0 });
  loadNewVersion();
  expect(newer.received).toHaveLength(1);
  expect(seen.reloads).toBe(0);
  container.dispatchEvent(new Event('controllerchange'));
  expect(seen.reloads).toBe(1);
});

test('a version that another page has loaded does not reload this one', async () => {
  const { registration, container, seen, loadNewVersion } = setUp({ controlled: true });
  await Promise.resolve();
  registration.active = new FakeWorker();
  container.dispatchEvent(new Event('controllerchange'));
  expect(seen).toEqual({ state: { ready: true, newVersion: true }, reloads: 0 });
  loadNewVersion();
  expect(seen.reloads).toBe(1);
});

test('a version that was waiting before the page opened is offered', async () => {
  const { registration, seen } = setUp({ controlled: true });
  registration.waiting = new FakeWorker();
  await Promise.resolve();
  expect(seen.state.newVersion).toBe(true);
});
